import type { Wants } from './question.js';

/** Tokens of a kind that a question keeps, and characters of the longest. */
const MOST_TOKENS = 16;
const LONGEST_TOKEN = 256;

/** Names that a question keeps. */
const MOST_NAMES = 200;

/** Whether a question holds all that is wanted now. */
export function wantsCovered(asked: Wants | undefined, wants: Wants | undefined): boolean {
  if (wants === undefined || asked === undefined) return true;
  const { categories, names, tokens } = boundedWants(wants);
  return (
    partCovered(asked.categories, categories) &&
    (partCovered(asked.names, names) || (names.length > 0 && asked.names.length >= MOST_NAMES)) &&
    (['service', 'device', 'user'] as const).every(
      (kind) =>
        asked.tokens[kind].length >= MOST_TOKENS ||
        tokens[kind].every((token) => asked.tokens[kind].includes(token)),
    )
  );
}

/** An empty list stands for all. */
function partCovered(asked: readonly string[], wanted: readonly string[]): boolean {
  if (asked.length === 0) return true;
  return wanted.length > 0 && wanted.every((one) => asked.includes(one));
}

/** What was wanted before and what is wanted now. */
export function joinedWants(before: Wants | undefined, wants: Wants | undefined): Wants | undefined {
  if (wants === undefined || before === undefined) return before;
  const join = <T>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])];
  const whole = <T>(a: readonly T[], b: readonly T[]): T[] =>
    a.length === 0 || b.length === 0 ? [] : join(a, b);
  return boundedWants({
    categories: whole(before.categories, wants.categories),
    names: whole(before.names, wants.names),
    tokens: {
      service: join(before.tokens.service, wants.tokens.service),
      device: join(before.tokens.device, wants.tokens.device),
      user: join(before.tokens.user, wants.tokens.user),
    },
  });
}

/** Whether an answer would allow the same, whatever tokens came with it. */
export function sameWish(a: Wants | undefined, b: Wants | undefined): boolean {
  return a?.categories.length === b?.categories.length && a?.names.length === b?.names.length;
}

/** As much of what strangers want as a question keeps. */
export function boundedWants({ categories, names, tokens }: Wants): Wants {
  const some = (all: readonly string[]) =>
    all.filter((token) => token.length <= LONGEST_TOKEN).slice(0, MOST_TOKENS);
  return {
    categories,
    names: names.slice(0, MOST_NAMES),
    tokens: { service: some(tokens.service), device: some(tokens.device), user: some(tokens.user) },
  };
}
