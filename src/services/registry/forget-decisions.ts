import { deviceAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { Rule } from '../../domain/rule.js';
import type { Thing } from '../../domain/thing.js';
import { deviceSettings, questions, rules, things } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';
import { withdrawQuestion } from '../provisioning/withdraw-question.js';
import { addressOf } from './claim-hash.js';

/** What of the decisions about an address is forgotten. */
interface Forgotten {
  rule(rule: Rule): boolean;
  /** A question to this owner (bare JID). */
  questionTo(owner: string): boolean;
}

const ALL: Forgotten = { rule: () => true, questionTo: () => true };

/**
 * Forgets what was decided about a thing, and about the device it stands behind, once nothing there is of the owner who
 * decided any more. Whether a device lost rules that has other things still: its cache is to be cleared.
 */
export async function forgetDecisions(transaction: Transaction, gone: Thing): Promise<boolean> {
  const device = deviceAddress(gone.jid);
  let alone = true;
  let shared = false;
  for await (const [, other] of transaction.scan(things, { prefix: `${joinKey([gone.jid])}\u0000` })) {
    if (sameAddress(other, gone)) continue;
    alone = false;
    shared ||= other.owner === gone.owner;
  }
  const own = await forgetAbout(transaction, addressOf(gone), ALL);
  // What holds for the device as a whole is its owner's to say; where it has none, that of whoever has something there.
  if (alone || sameAddress(gone, device)) transaction.delete(deviceSettings, gone.jid);
  if (shared) return own;
  const his = (owner: string) => alone || owner === gone.owner;
  const common = await forgetAbout(transaction, device, { rule: ({ by }) => his(by), questionTo: his });
  return !alone && (common || own);
}

/**
 * A thing gets an owner: who was asked about it in his place is asked no more, and what others said of it, or of who
 * befriends it, is not his word. What they said of nodes of theirs by way of the device stays.
 */
export async function forgetOthers(
  transaction: Transaction,
  thing: NodeAddress,
  owner: string,
): Promise<void> {
  const device = sameAddress(thing, deviceAddress(thing.jid));
  await forgetAbout(transaction, thing, {
    rule: ({ by, kind }) => by !== owner && (kind === 'friend' || !device),
    questionTo: (asked) => asked !== owner,
  });
}

/** Whether there were rules. */
async function forgetAbout(transaction: Transaction, thing: NodeAddress, what: Forgotten): Promise<boolean> {
  const prefix = `${things.encode(thing)}\u0000`;
  let found = false;
  for await (const [key, rule] of transaction.scan(rules, { prefix })) {
    if (!what.rule(rule)) continue;
    transaction.delete(rules, key);
    found = true;
  }
  for await (const [, question] of transaction.scan(questions, { prefix })) {
    if (what.questionTo(question.owner)) await withdrawQuestion(transaction, question);
  }
  return found;
}
