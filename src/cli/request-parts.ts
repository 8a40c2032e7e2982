import type { Invocation } from './invocation.js';
import { UsageError } from './usage-error.js';

/** `--owner JID` as a part of a request. */
export function byOwner(invocation: Invocation): { readonly owner?: string } {
  const owner = invocation.value('owner');
  return owner === undefined ? {} : { owner };
}

/** A whole number from 1 on. Throws UsageError naming what it is. */
export function wholeNumber(text: string, what: string): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) < 1)
    throw new UsageError(`${what} is a number from 1 on, not "${text}".`);
  return Number(text);
}

/** The value of an option that is a whole number, or `absent`. Throws UsageError. */
export function wholeOption(invocation: Invocation, name: string, absent: number): number {
  const text = invocation.value(name);
  return text === undefined ? absent : wholeNumber(text, `--${name}`);
}
