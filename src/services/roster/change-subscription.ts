import { HubError } from '../../domain/errors.js';
import type { RosterItem } from '../../domain/roster-item.js';
import {
  type Direction,
  recordedState,
  type Step,
  type SubscriptionType,
  step,
  subscriptionState,
} from '../../domain/subscription.js';
import { rosters } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { RosterDirectory } from './roster-directory.js';

/** A presence stanza that changes a subscription. */
export interface ChangeSubscription {
  readonly direction: Direction;
  readonly type: SubscriptionType;
  /** Bare JID of the contact, normalised. */
  readonly contact: string;
}

/** What became of it. */
export interface SubscriptionChange extends Step {
  readonly before: RosterItem | undefined;
  readonly item: RosterItem | undefined;
}

/** Keeps one account's side of a subscription (RFC 6121 §3 and Appendix A). */
export class ChangeRosterSubscription {
  private readonly store: Store;
  private readonly directory: RosterDirectory;
  private readonly limit: number;

  /** `limit`: contacts of one account, those included who only asked. */
  constructor(store: Store, directory: RosterDirectory, limit: number) {
    this.store = store;
    this.directory = directory;
    this.limit = limit;
  }

  /** Resolves when the new state is on the disk. Refuses a new contact beyond the limit with limit-reached. */
  run(account: string, command: ChangeSubscription): Promise<SubscriptionChange> {
    return this.store.transact((transaction) => this.apply(transaction, account, command));
  }

  private async apply(
    transaction: Transaction,
    account: string,
    command: ChangeSubscription,
  ): Promise<SubscriptionChange> {
    const key = { account, jid: command.contact };
    const before = await transaction.get(rosters, key);
    const old = subscriptionState(before);
    const done = step(old, command.direction, command.type);
    if (done.state === old) return { ...done, before, item: before };
    if (before === undefined && this.directory.of(account).size >= this.limit)
      throw new HubError('limit-reached');
    const item = nextItem(account, command, before, done);
    if (item === undefined) transaction.delete(rosters, key);
    else transaction.put(rosters, key, item);
    return { ...done, before, item };
  }
}

/** The record of the new state; a request of a contact that the user never listed is all there is of him. */
function nextItem(
  account: string,
  command: ChangeSubscription,
  before: RosterItem | undefined,
  { state }: Step,
): RosterItem | undefined {
  const listed = before?.listed === true || state.to !== 'no' || state.from === 'yes';
  if (!listed && state.from === 'no') return undefined;
  return {
    account,
    jid: command.contact,
    ...(before?.name !== undefined && { name: before.name }),
    groups: before?.groups ?? [],
    ...recordedState(state),
    listed,
  };
}
