import type { AdminOperation, AdminOperations } from './admin.js';
import { mayActAsOwner } from './assurance.js';
import type { Assurance } from './command.js';

/** A person who writes to the hub with a messenger. */
export interface Chatter {
  /** Bare JID. */
  readonly jid: string;
  readonly assurance: Assurance;
  /** Whether an owner of this hub has this address; says nothing on whether it is he who writes. */
  readonly mayOwn: boolean;
}

/** Answers what people write to the hub. */
export interface Conversation {
  /** The answer to one message, of several lines maybe; `undefined` where none is due. Refusals are answers. */
  answer(text: string, chatter: Chatter): Promise<string | undefined>;
}

/** Asks the hub as the machine's administrator does, from within. Rejects with HubError. */
export type Perform = <Name extends AdminOperation>(
  name: Name,
  request: AdminOperations[Name]['request'],
) => Promise<AdminOperations[Name]['answer']>;

/** Whether a chatter has the rights of an owner: he is one, and it is sure that it is he. */
export function isOwner({ mayOwn, assurance }: Chatter): boolean {
  return mayOwn && mayActAsOwner(assurance);
}
