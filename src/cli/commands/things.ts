import type { AdminOperations } from '../../domain/admin.js';
import { answering } from '../answering.js';
import { table } from '../columns.js';
import type { Invocation } from '../invocation.js';
import { byOwner, moreText, page } from '../request-parts.js';
import { thingRow } from '../rows.js';
import type { Shell } from '../shell.js';

/** `hearth things` */
export const run = answering({
  operation: 'things',
  request: (invocation) => ({
    ...byOwner(invocation),
    unclaimed: invocation.flag('unclaimed'),
    private: invocation.flag('private'),
    public: invocation.flag('public'),
    removed: invocation.flag('removed'),
    away: invocation.flag('away'),
    ...matching(invocation),
    ...page(invocation),
  }),
  show,
});

function matching(invocation: Invocation): { readonly match?: string } {
  const match = invocation.value('match');
  return match === undefined ? {} : { match };
}

const FILTERS = ['owner', 'unclaimed', 'private', 'public', 'removed', 'away', 'match', 'from'];

function show(
  { things, more }: AdminOperations['things']['answer'],
  shell: Shell,
  invocation: Invocation,
): string {
  if (things.length === 0 && FILTERS.some((name) => invocation.flag(name))) return 'No such things.\n';
  if (things.length === 0)
    return 'No things. A thing that is switched on in this network finds the hub by itself.\n';
  const rows = things.map((thing) => thingRow(thing));
  return table(['ADDRESS', 'OWNER', 'STATE', 'TAGS'], rows, shell) + moreText(more, invocation);
}
