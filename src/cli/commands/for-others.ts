import type { AdminOperations, HubStatus } from '../../domain/admin.js';
import { answering } from '../answering.js';
import { facts, table } from '../columns.js';
import type { Invocation } from '../invocation.js';
import { moreText, page } from '../request-parts.js';
import type { Shell } from '../shell.js';
import { tagText } from '../tag-text.js';

/** `status` for those who own nothing here: no addresses, no warnings, nothing of the accounts. */
export const status = answering({ operation: 'status', request: () => ({}), show: showStatus });

/** `things` for those who own nothing here: what a search shows, and whose it is not. */
export const things = answering({
  operation: 'things',
  request: (invocation) => ({ public: true, ...page(invocation) }),
  show: showThings,
});

function showStatus({ state, domain, counts }: HubStatus, shell: Shell): string {
  return facts(
    [
      ['Hub', `the home hub of ${domain}`],
      ['State', state],
      ['Things', String(counts.things)],
    ],
    shell,
  );
}

function showThings(
  { things: found, more }: AdminOperations['things']['answer'],
  shell: Shell,
  invocation: Invocation,
): string {
  if (found.length === 0) return 'No thing here is for everybody to find.\n';
  const rows = found.map(({ address, tags }) => [address, tagText(tags)]);
  return table(['ADDRESS', 'TAGS'], rows, shell) + moreText(more, invocation);
}
