/** XEP-0323: Internet of Things - Sensor Data, version 0.6.1: what a readout brings, as its reader reads it. */
import { type Category, categories } from '../domain/access.js';
import type { NodePart } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { FieldValue } from '../domain/field.js';
import type { Element } from '../xmpp/element.js';
import { requiredNode } from './node.js';
import { booleanAttribute, required } from './read.js';
import { SENSOR_DATA } from './xep0323.js';

/** A value that was read. */
export interface Reading {
  readonly node: NodePart;
  /** When it was measured, in milliseconds since 1970. */
  readonly time: number;
  readonly name: string;
  /** Numbers and booleans as such; dates, times, durations and enumerations as they are written. */
  readonly value: FieldValue;
  /** Physical unit of a number. */
  readonly unit?: string;
  /** Its categories; most fields have one. */
  readonly categories: readonly Category[];
}

/** Why something was not read. */
export interface ReadingFailure {
  readonly node: NodePart;
  readonly text: string;
}

const NUMBERS = ['numeric', 'int', 'long'];
const TEXTS = ['string', 'enum', 'date', 'dateTime', 'duration', 'time'];

/** The most values in one message. */
const MOST = 10_000;

/** Whether `<fields/>` or `<failure/>` is the last of its readout. Throws bad-request. */
export function isLast(payload: Element): boolean {
  return booleanAttribute(payload, 'done', false);
}

/** Reads `<fields/>`. Throws bad-request. */
export function readFields(payload: Element): readonly Reading[] {
  const readings: Reading[] = [];
  for (const child of childrenOf(payload, 'node')) {
    const node = requiredNode(child);
    for (const stamp of childrenOf(child, 'timestamp')) {
      const time = timeIn(stamp);
      for (const field of stamp.elements()) readings.push({ node, time, ...readField(field) });
      if (readings.length > MOST)
        throw new HubError('bad-request', 'There are too many values in a message.');
    }
  }
  return readings;
}

/** Reads `<failure/>`. Throws bad-request. */
export function readFailures(payload: Element): readonly ReadingFailure[] {
  return childrenOf(payload, 'error').map((error) => ({ node: requiredNode(error), text: error.text() }));
}

function readField(field: Element): Omit<Reading, 'node' | 'time'> {
  const unit = field.attribute('unit') ?? '';
  return {
    name: required(field, 'name'),
    value: readValue(field),
    ...(unit !== '' && { unit }),
    categories: categories.filter((category) => booleanAttribute(field, category, false)),
  };
}

function readValue(field: Element): FieldValue {
  const text = required(field, 'value');
  if (field.name === 'boolean') return booleanAttribute(field, 'value', false);
  if (TEXTS.includes(field.name)) return text;
  const isNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text);
  if (!NUMBERS.includes(field.name) || !isNumber || !Number.isFinite(Number(text)))
    throw new HubError('bad-request', `<${field.name}/> is no value of a field.`);
  return Number(text);
}

/** XML Schema's dateTime; one without a zone is UTC, as senders mean it. */
function timeIn(stamp: Element): number {
  const text = required(stamp, 'value');
  const [, date, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  const time = date === undefined ? Number.NaN : Date.parse(`${date}${zone}`);
  if (Number.isNaN(time)) throw new HubError('bad-request', `"${text}" is no time.`);
  return time;
}

function childrenOf(payload: Element, name: string): readonly Element[] {
  return payload.elements().filter((child) => child.is(name, SENSOR_DATA));
}
