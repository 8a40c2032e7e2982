import type { RosterItem, Subscription } from './roster-item.js';

/** One direction of a subscription: nothing, asked for and not answered yet, or granted. */
export type Grant = 'no' | 'asked' | 'yes';

/**
 * A subscription as RFC 6121 Appendix A knows it. Its nine states are the pairs of two directions: "None + Pending
 * Out" is `{ to: 'asked', from: 'no' }`.
 */
export interface SubscriptionState {
  /** Whether the account gets the contact's presence. */
  readonly to: Grant;
  /** Whether the contact gets the account's presence. */
  readonly from: Grant;
}

/** The types of presence stanza that change subscriptions. */
export const subscriptionTypes = ['subscribe', 'subscribed', 'unsubscribe', 'unsubscribed'] as const;

/** A type of presence stanza that changes subscriptions. */
export type SubscriptionType = (typeof subscriptionTypes)[number];

/** Whether the account's own user sent the stanza, or the contact did. */
export type Direction = 'outbound' | 'inbound';

/** What a stanza does to a subscription. */
export interface Step {
  readonly state: SubscriptionState;
  /** Whether the stanza goes on: out to the contact, or in to the account's resources. */
  readonly passes: boolean;
  /** Whether the server says `subscribed` for the account, which agreed before (RFC 6121 §3.1.3). */
  readonly agrees: boolean;
}

interface Row {
  readonly half: keyof SubscriptionState;
  /** The states of that direction which the stanza changes. */
  readonly when: readonly Grant[];
  readonly becomes: Grant;
  /** Goes on also where it changes nothing: the contact's server may know less than this one. */
  readonly always?: true;
}

/** RFC 6121 Appendix A: every stanza touches one direction only. */
const table: Record<Direction, Record<SubscriptionType, Row>> = {
  outbound: {
    subscribe: { half: 'to', when: ['no'], becomes: 'asked', always: true },
    unsubscribe: { half: 'to', when: ['asked', 'yes'], becomes: 'no', always: true },
    subscribed: { half: 'from', when: ['asked'], becomes: 'yes' },
    unsubscribed: { half: 'from', when: ['asked', 'yes'], becomes: 'no' },
  },
  inbound: {
    subscribe: { half: 'from', when: ['no'], becomes: 'asked' },
    unsubscribe: { half: 'from', when: ['asked', 'yes'], becomes: 'no' },
    subscribed: { half: 'to', when: ['asked'], becomes: 'yes' },
    unsubscribed: { half: 'to', when: ['asked', 'yes'], becomes: 'no' },
  },
};

/** What the stanza does in this state (RFC 6121 Appendix A.2 and A.3). */
export function step(state: SubscriptionState, direction: Direction, type: SubscriptionType): Step {
  const row = table[direction][type];
  const changes = row.when.includes(state[row.half]);
  return {
    state: changes ? { ...state, [row.half]: row.becomes } : state,
    passes: changes || row.always === true,
    agrees: direction === 'inbound' && type === 'subscribe' && state.from === 'yes',
  };
}

/** The state that a roster item records; no item is state "None". */
export function subscriptionState(item: RosterItem | undefined): SubscriptionState {
  if (item === undefined) return { to: 'no', from: 'no' };
  const { subscription, ask, pendingIn } = item;
  return {
    to: subscription === 'to' || subscription === 'both' ? 'yes' : ask ? 'asked' : 'no',
    from: subscription === 'from' || subscription === 'both' ? 'yes' : pendingIn ? 'asked' : 'no',
  };
}

/** The fields of a roster item that record the state. */
export function recordedState(
  state: SubscriptionState,
): Pick<RosterItem, 'subscription' | 'ask' | 'pendingIn'> {
  return {
    subscription: subscriptionOf(state),
    ...(state.to === 'asked' && { ask: true as const }),
    ...(state.from === 'asked' && { pendingIn: true as const }),
  };
}

/** Whether this is a type of presence stanza that changes subscriptions. */
export function isSubscriptionType(type: string | undefined): type is SubscriptionType {
  return subscriptionTypes.some((known) => known === type);
}

function subscriptionOf({ to, from }: SubscriptionState): Subscription {
  if (to === 'yes') return from === 'yes' ? 'both' : 'to';
  return from === 'yes' ? 'from' : 'none';
}
