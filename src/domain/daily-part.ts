import { HubError } from './errors.js';
import type { DailyPart } from './rule.js';

const FORM = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/;

/** Reads a part of each day, as `08:00-18:00`; over midnight where the second time is the earlier. Throws bad-request. */
export function readDaily(text: string): DailyPart {
  const [, ...parts] = FORM.exec(text) ?? [];
  const [fromHour = 99, fromMinute = 99, toHour = 99, toMinute = 99] = parts.map(Number);
  const from = minuteOf(fromHour, fromMinute);
  const to = toHour === 24 && toMinute === 0 ? 0 : minuteOf(toHour, toMinute);
  if (from === undefined || to === undefined)
    throw new HubError('bad-request', `"${text}" is no part of a day. Write it as 08:00-18:00.`);
  if (from === to)
    throw new HubError('bad-request', `"${text}" begins when it ends. The whole day needs no times.`);
  return { from, to };
}

/** The same as text. */
export function formatDaily({ from, to }: DailyPart): string {
  return `${formatMinute(from)}-${formatMinute(to)}`;
}

function minuteOf(hour: number, minute: number): number | undefined {
  return hour < 24 && minute < 60 ? hour * 60 + minute : undefined;
}

function formatMinute(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
