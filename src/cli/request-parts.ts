import { HubError } from '../domain/errors.js';
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

/** `--from N` and `--limit N` as parts of a request. Throws UsageError. */
export function page(invocation: Invocation): { readonly offset: number; readonly limit: number } {
  return { offset: wholeOption(invocation, 'from', 1) - 1, limit: wholeOption(invocation, 'limit', 100) };
}

/** How the next page is asked for, where there is one; a line of its own. */
export function moreText(more: boolean, invocation: Invocation): string {
  const { offset, limit } = page(invocation);
  return more ? `There are more: the same with --from ${offset + limit + 1}\n` : '';
}

/** Reads what stands on the command line as the hub will; what it refuses is a mistake of the line: UsageError. */
export function checked<T>(command: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof HubError ? new UsageError(error.message, command) : error;
  }
}
