import type { ScopeRequest } from '../domain/admin-provisioning.js';
import { readCategories } from '../domain/category-words.js';
import { readDaily } from '../domain/daily-part.js';
import type { Option } from './command.js';
import type { Invocation } from './invocation.js';
import { checked, wholeNumber } from './request-parts.js';
import type { Shell } from './shell.js';
import { UsageError } from './usage-error.js';

const DAY = 86_400_000;

/** The most days that a rule is given for: more is a slip. */
const MOST_DAYS = 36_500;

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?$/;

/** The options that say what a rule covers, and when. */
export const scopeOptions: readonly Option[] = [
  {
    name: 'fields',
    value: 'A,B',
    meaning: 'Only these fields, for reading. A comma in a name is written \\,',
    repeats: true,
  },
  { name: 'parameters', value: 'A,B', meaning: 'Only these parameters, for control.', repeats: true },
  {
    name: 'categories',
    value: 'A,B',
    meaning: 'Only fields of these categories, such as momentary,historical.',
    repeats: true,
  },
  {
    name: 'nodes',
    value: 'A,B',
    meaning: "About these nodes behind the device, as behind the # of an address; '*' is all of it.",
    repeats: true,
  },
  { name: 'until', value: 'TIME', meaning: 'Holds until then, such as 2026-12-24T18:00.' },
  { name: 'for-days', value: 'N', meaning: 'Holds for so many days from now.' },
  { name: 'daily', value: 'FROM-TO', meaning: 'Holds at this time of each day, such as 08:00-18:00.' },
];

/** What the options say; times become UTC. Throws UsageError. */
export function scopeOf(invocation: Invocation, shell: Shell, command: string): ScopeRequest {
  const list = (name: string) => (invocation.flag(name) ? listed(invocation, name, command) : undefined);
  const words = list('categories');
  const parts = {
    nodes: list('nodes'),
    categories: words && checked(command, () => readCategories(words)),
    fields: list('fields'),
    parameters: list('parameters'),
    until: endOf(invocation, shell, command),
    daily: invocation.value('daily'),
  };
  const { daily } = parts;
  if (daily !== undefined) checked(command, () => readDaily(daily));
  // Only values that are undefined are left out, so what is left has the types of the request.
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as ScopeRequest;
}

/** The items of a list option, parted by commas that no backslash hides. Throws UsageError for empty ones. */
function listed(invocation: Invocation, name: string, command: string): readonly string[] {
  const items = invocation.values(name).flatMap(split);
  if (items.includes('')) throw new UsageError(`--${name} has an empty name in its list.`, command);
  return items;
}

function split(text: string): string[] {
  const items = [''];
  for (const [part] of text.matchAll(/\\[,\\]|./gsu)) {
    if (part === ',') items.push('');
    else items[items.length - 1] += part.length === 2 && part.startsWith('\\') ? part.slice(1) : part;
  }
  return items;
}

function endOf(invocation: Invocation, shell: Shell, command: string): string | undefined {
  const text = invocation.value('until');
  const days = invocation.value('for-days');
  if (text !== undefined && days !== undefined)
    throw new UsageError('Give one of --until and --for-days.', command);
  if (days !== undefined) {
    const count = wholeNumber(days, '--for-days');
    if (count > MOST_DAYS) throw new UsageError(`--for-days is at most ${MOST_DAYS}.`, command);
    return new Date(shell.now() + count * DAY).toISOString();
  }
  if (text === undefined) return undefined;
  const at = timeOf(text);
  if (at === undefined)
    throw new UsageError(`--until is a time such as 2026-12-24T18:00, not "${text}".`, command);
  if (at <= shell.now()) throw new UsageError(`--until ${text} is past already.`, command);
  return new Date(at).toISOString();
}

/** Without a zone it is the machine's time. A day that its month does not have is none. */
function timeOf(text: string): number | undefined {
  const [, year, month, day, hour, minute, second = '00'] = TIME.exec(text) ?? [];
  const said = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const plain = Date.parse(`${said}Z`);
  if (Number.isNaN(plain) || new Date(plain).toISOString() !== `${said}.000Z`) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
