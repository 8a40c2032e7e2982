import type { AdminOperations } from '../../domain/admin.js';
import type { FriendReport } from '../../domain/admin-provisioning.js';
import { answering } from '../answering.js';
import { table } from '../columns.js';
import type { Invocation } from '../invocation.js';
import { moreText, page } from '../request-parts.js';
import type { Shell } from '../shell.js';

/** `hearth friends [THING]` */
export const run = answering({
  operation: 'friends',
  request: (invocation) => {
    const thing = invocation.positional(0);
    return { ...(thing !== undefined && { thing }), ...page(invocation) };
  },
  show,
});

function show(
  { friends, more }: AdminOperations['friends']['answer'],
  shell: Shell,
  invocation: Invocation,
): string {
  if (friends.length === 0)
    return invocation.positional(0) === undefined ? 'No thing has friends.\n' : 'It has no friends.\n';
  const rows = friends.map((friend) => [
    friend.thing,
    friend.who,
    stateWords(friend),
    friend.why,
    connectedWords(friend),
  ]);
  return table(['THING', 'FRIEND', 'STATE', 'BY', 'CONNECTED'], rows, shell) + moreText(more, invocation);
}

/** Friendship is what both see of each other; whether it is allowed is another thing. */
function stateWords({ friend, state, allowed }: FriendReport): string {
  if (friend === undefined) return allowed ? 'allowed' : 'not allowed';
  if (!allowed) return state === 'not yet' ? 'not allowed' : `${state}, not allowed`;
  return state === 'not yet' ? 'allowed, not friends yet' : state;
}

function connectedWords({ friend, thingConnected }: FriendReport): string {
  if (friend === undefined) return thingConnected ? 'the thing' : 'neither';
  if (friend.connected && thingConnected) return 'both';
  if (thingConnected) return 'the thing';
  return friend.connected ? 'the friend' : 'neither';
}
