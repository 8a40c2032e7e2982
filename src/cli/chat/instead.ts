import type { HubStatus } from '../../domain/admin.js';
import { isOnLink } from '../../domain/assurance.js';
import { type Chatter, isOwner } from '../../domain/conversation.js';
import type { Command } from '../command.js';
import { placesOf } from '../help.js';

type Place = Pick<HubStatus, 'domain' | 'hub'>;

/** What one is told who may not, or not here, what he wrote: how it is done instead. */
export function instead(command: Command, chatter: Chatter, place: Place): string {
  const name = `"${command.words.join(' ')}"`;
  const machine = `on the machine of the hub: hearth ${placesOf(command).join(' ')}`;
  if (command.chat === undefined || isOwner(chatter)) return `${name} is not for a chat; ${machine}`;
  return `${name} is for owners of this hub. ${become(chatter, place)} Or ${machine}`;
}

/** How one who is no owner comes to be heard as one. */
export function become({ jid, assurance }: Chatter, { domain, hub }: Place): string {
  return isOnLink(assurance)
    ? `On the link a name proves nothing: log in to your account of ${domain} with an XMPP client, and write to ${hub}.`
    : `${jid} is none: ask one of them, or write with the account of one.`;
}
