import type { Category, Tokens } from './access.js';
import { formatAddress, type NodeAddress } from './node-address.js';
import type { RuleKind } from './rule.js';

/** What a thing asked and no rule answers: it waits for the owner. One per thing, caller and kind. */
export interface Question {
  /** What the owner types: `hearth allow 1`. Never given twice. */
  readonly number: number;
  readonly kind: RuleKind;
  readonly thing: NodeAddress;
  /** Bare JID of the one who wants something of the thing. */
  readonly caller: string;
  /** Bare JID of the owner who is asked. */
  readonly owner: string;
  readonly askedAt: number;
  /** Names the question to owners' programs, always the same. */
  readonly key: string;
  /** What was asked for, all requests together; absent for friendships. */
  readonly wants?: Wants;
  /** Numbers of the notices by which owners were told; later questions join those that still wait. */
  readonly told?: readonly number[];
}

/** What a caller wants to read or control; empty lists stand for all. */
export interface Wants {
  readonly categories: readonly Category[];
  /** Fields or parameters. */
  readonly names: readonly string[];
  readonly tokens: Tokens;
}

/** How many callers, and how many names, a text tells before it only counts them. */
const NAMED = 5;

/** Questions about one thing, for its owner to read; at least one. */
export function formatQuestions(thing: NodeAddress, asked: readonly Question[]): string {
  const [only, ...more] = asked;
  if (only !== undefined && more.length === 0) {
    return (
      `${only.caller} wants to ${formatWish(only)} your thing ${formatAddress(thing)}. ` +
      `Answer with: allow ${only.number}, or: deny ${only.number}`
    );
  }
  const wishes = new Set(asked.map(formatWish));
  const wish = wishes.size === 1 ? [...wishes].join() : 'use';
  const named = asked.slice(0, NAMED).map(({ caller, number }) => `${caller} (${number})`);
  const rest = asked.length > NAMED ? ` and ${asked.length - NAMED} more` : '';
  return (
    `${asked.length} callers want to ${wish} your thing ${formatAddress(thing)}: ${named.join(', ')}${rest}. ` +
    'Answer each with: allow NUMBER, or: deny NUMBER. All that wait: pending'
  );
}

/** What a caller wants, such as `befriend` or `read Temperature of`. */
export function formatWish({ kind, wants }: Pick<Question, 'kind' | 'wants'>): string {
  if (kind === 'friend') return 'befriend';
  const names = wants?.names ?? [];
  if (names.length === 0) return kind;
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${kind} ${names.slice(0, NAMED).join(', ')}${more} of`;
}
