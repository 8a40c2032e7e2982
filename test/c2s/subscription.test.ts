import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RosterItem } from '../../src/domain/roster-item.js';
import {
  type Direction,
  recordedState,
  type SubscriptionState,
  type SubscriptionType,
  step,
  subscriptionState,
  subscriptionTypes,
} from '../../src/domain/subscription.js';

/** The states by the names of RFC 6121 A.1. */
const states = {
  None: { to: 'no', from: 'no' },
  'None+PendingOut': { to: 'asked', from: 'no' },
  'None+PendingIn': { to: 'no', from: 'asked' },
  'None+PendingOut+In': { to: 'asked', from: 'asked' },
  To: { to: 'yes', from: 'no' },
  'To+PendingIn': { to: 'yes', from: 'asked' },
  From: { to: 'no', from: 'yes' },
  'From+PendingOut': { to: 'asked', from: 'yes' },
  Both: { to: 'yes', from: 'yes' },
} as const satisfies Record<string, SubscriptionState>;
type Name = keyof typeof states;

/** The tables of RFC 6121 A.2 and A.3, row by row: state | goes on | new state, "-" for no change. */
const appendix: Record<Direction, Record<SubscriptionType, string>> = {
  outbound: {
    subscribe: `
      None | yes | None+PendingOut
      None+PendingOut | yes | -
      None+PendingIn | yes | None+PendingOut+In
      None+PendingOut+In | yes | -
      To | yes | -
      To+PendingIn | yes | -
      From | yes | From+PendingOut
      From+PendingOut | yes | -
      Both | yes | -`,
    unsubscribe: `
      None | yes | -
      None+PendingOut | yes | None
      None+PendingIn | yes | -
      None+PendingOut+In | yes | None+PendingIn
      To | yes | None
      To+PendingIn | yes | None+PendingIn
      From | yes | -
      From+PendingOut | yes | From
      Both | yes | From`,
    subscribed: `
      None | no | -
      None+PendingOut | no | -
      None+PendingIn | yes | From
      None+PendingOut+In | yes | From+PendingOut
      To | no | -
      To+PendingIn | yes | Both
      From | no | -
      From+PendingOut | no | -
      Both | no | -`,
    unsubscribed: `
      None | no | -
      None+PendingOut | no | -
      None+PendingIn | yes | None
      None+PendingOut+In | yes | None+PendingOut
      To | no | -
      To+PendingIn | yes | To
      From | yes | None
      From+PendingOut | yes | None+PendingOut
      Both | yes | To`,
  },
  inbound: {
    subscribe: `
      None | yes | None+PendingIn
      None+PendingOut | yes | None+PendingOut+In
      None+PendingIn | no | -
      None+PendingOut+In | no | -
      To | yes | To+PendingIn
      To+PendingIn | no | -
      From | no | -
      From+PendingOut | no | -
      Both | no | -`,
    unsubscribe: `
      None | no | -
      None+PendingOut | no | -
      None+PendingIn | yes | None
      None+PendingOut+In | yes | None+PendingOut
      To | no | -
      To+PendingIn | yes | To
      From | yes | None
      From+PendingOut | yes | None+PendingOut
      Both | yes | To`,
    subscribed: `
      None | no | -
      None+PendingOut | yes | To
      None+PendingIn | no | -
      None+PendingOut+In | yes | To+PendingIn
      To | no | -
      To+PendingIn | no | -
      From | no | -
      From+PendingOut | yes | Both
      Both | no | -`,
    unsubscribed: `
      None | no | -
      None+PendingOut | yes | None
      None+PendingIn | no | -
      None+PendingOut+In | yes | None+PendingIn
      To | yes | None
      To+PendingIn | yes | None+PendingIn
      From | no | -
      From+PendingOut | yes | From
      Both | yes | From`,
  },
};

describe('subscription', () => {
  for (const direction of ['outbound', 'inbound'] as const) {
    for (const type of subscriptionTypes) {
      it(`${direction} ${type} does what RFC 6121 Appendix A says in all nine states`, () => {
        const rows = appendix[direction][type].trim().split('\n');
        expect(rows).toHaveLength(9);
        for (const row of rows) {
          const [name = '', passes, next = ''] = row.split('|').map((cell) => cell.trim());
          const before = states[name as Name];
          const done = step(before, direction, type);
          expect({ name, passes: done.passes, state: done.state }).toEqual({
            name,
            passes: passes === 'yes',
            state: next === '-' ? before : states[next as Name],
          });
        }
      });
    }
  }

  it('says subscribed by itself to whom the user agreed before', () => {
    for (const [name, state] of Object.entries(states)) {
      const agreed = name.startsWith('From') || name === 'Both';
      expect(step(state, 'inbound', 'subscribe').agrees).toBe(agreed);
      expect(step(state, 'outbound', 'subscribe').agrees).toBe(false);
    }
  });

  it('reads back what it records, for every history', () => {
    const event = fc.tuple(
      fc.constantFrom<Direction>('outbound', 'inbound'),
      fc.constantFrom<SubscriptionType>(...subscriptionTypes),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let state: SubscriptionState = states.None;
        for (const [direction, type] of events) {
          state = step(state, direction, type).state;
          const item: RosterItem = {
            account: 'a',
            jid: 'b@example.org',
            groups: [],
            listed: true,
            ...recordedState(state),
          };
          expect(subscriptionState(item)).toEqual(state);
        }
      }),
    );
  });

  it('grants nothing that nobody asked for, and both sides agree after every exchange', () => {
    const act = fc.tuple(fc.boolean(), fc.constantFrom<SubscriptionType>(...subscriptionTypes));
    fc.assert(
      fc.property(fc.array(act), (acts) => {
        let [a, b]: [SubscriptionState, SubscriptionState] = [states.None, states.None];
        for (const [first, type] of acts) {
          const [sender, receiver] = first ? [a, b] : [b, a];
          const sent = step(sender, 'outbound', type);
          const got = sent.passes ? step(receiver, 'inbound', type) : undefined;
          [a, b] = first ? [sent.state, got?.state ?? b] : [got?.state ?? a, sent.state];
          expect([a.to, b.to]).toEqual([b.from, a.from]);
        }
      }),
    );
  });
});
