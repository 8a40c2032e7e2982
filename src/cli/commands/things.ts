import type { AdminOperations } from '../../domain/admin.js';
import { answering } from '../answering.js';
import { table } from '../columns.js';
import { byOwner, wholeOption } from '../request-parts.js';
import { tagText } from '../tag-text.js';

/** `hearth things` */
export const run = answering({
  operation: 'things',
  request: (invocation) => ({
    ...byOwner(invocation),
    unclaimed: invocation.flag('unclaimed'),
    offset: wholeOption(invocation, 'from', 1) - 1,
    limit: wholeOption(invocation, 'limit', 100),
  }),
  show,
});

function show({ things, more }: AdminOperations['things']['answer']): string {
  if (things.length === 0)
    return 'No things. A thing that is switched on in this network finds the hub by itself.\n';
  const rows = things.map((thing) => [
    thing.address,
    thing.owner ?? '(nobody)',
    thing.connected ? 'connected' : 'away',
    tagText(thing.tags),
  ]);
  return (
    table(['ADDRESS', 'OWNER', 'STATE', 'TAGS'], rows) + (more ? 'There are more: --from, --limit\n' : '')
  );
}
