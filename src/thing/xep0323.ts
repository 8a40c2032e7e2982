/** XEP-0323: Internet of Things - Sensor Data, version 0.6.1: the codec of readouts. */
import { HubError } from '../domain/errors.js';
import { type Element, element } from '../xmpp/element.js';
import { type FieldKind, type FieldValue, fieldKinds } from './options.js';

export const SENSOR_DATA = 'urn:xmpp:iot:sensordata';

/** A request to read [0323 3]. */
export interface ReadRequest {
  /** The caller's number, as it wrote it. */
  readonly seqnr: string;
  /** Wanted categories; `undefined` for all. */
  readonly kinds: ReadonlySet<FieldKind> | undefined;
  /** Wanted fields; `undefined` for all. */
  readonly names: ReadonlySet<string> | undefined;
  /** Names of nodes behind a concentrator. */
  readonly nodes: readonly string[];
}

/** A field that was read. */
export interface FieldReading {
  readonly name: string;
  readonly kind: FieldKind;
  readonly value: FieldValue;
  readonly unit?: string | undefined;
  readonly decimals?: number | undefined;
}

/** Reads `<req/>`. Throws bad-request. A request for a later time is refused: a thing reads at once. */
export function readReq(payload: Element): ReadRequest {
  const seqnr = payload.attribute('seqnr') ?? '';
  if (!/^-?\d{1,10}$/.test(seqnr))
    throw new HubError('bad-request', 'A readout needs "seqnr", a whole number.');
  if (payload.attribute('when') !== undefined)
    throw new HubError('bad-request', 'This thing reads at once, not at a later time. Leave out "when".');
  const nodes = childNames(payload, 'node', 'nodeId');
  const names = childNames(payload, 'field', 'name');
  const kinds = fieldKinds.filter((kind) => flag(payload, kind));
  const all = flag(payload, 'all') || (kinds.length === 0 && !asksForHistory(payload));
  return {
    seqnr,
    kinds: all ? undefined : new Set(kinds),
    names: names.length === 0 ? undefined : new Set(names),
    nodes,
  };
}

/** `<accepted/>`, `<done/>`: the elements that say no more than whose turn it is. */
export function writeState(name: 'accepted' | 'done', seqnr: string): Element {
  return element(name, SENSOR_DATA, { seqnr });
}

/** `<fields/>` of one node at one time. `time` in milliseconds since 1970. */
export function writeFields(
  seqnr: string,
  node: string,
  time: number,
  readings: readonly FieldReading[],
  done: boolean,
): Element {
  const fields = readings.map(writeField);
  const timestamp = element('timestamp', SENSOR_DATA, { value: dateTime(time) }, ...fields);
  const nodeElement = element('node', SENSOR_DATA, { nodeId: node }, timestamp);
  return element('fields', SENSOR_DATA, { seqnr, done: done ? 'true' : undefined }, nodeElement);
}

/** `<failure/>`, which ends the readout. `time` in milliseconds since 1970. */
export function writeFailure(seqnr: string, node: string, time: number, texts: readonly string[]): Element {
  const errors = texts.map((text) =>
    element('error', SENSOR_DATA, { nodeId: node, timestamp: dateTime(time) }, text),
  );
  return element('failure', SENSOR_DATA, { seqnr, done: 'true' }, ...errors);
}

function writeField({ name, kind, value, unit, decimals }: FieldReading): Element {
  const common = { name, [kind]: 'true', automaticReadout: 'true' };
  if (typeof value === 'boolean') return element('boolean', SENSOR_DATA, { ...common, value: String(value) });
  if (typeof value === 'string') return element('string', SENSOR_DATA, { ...common, value });
  const text = decimals === undefined ? String(value) : value.toFixed(decimals);
  return element('numeric', SENSOR_DATA, { ...common, value: text, unit });
}

function childNames(payload: Element, name: string, attribute: string): string[] {
  return payload
    .elements()
    .filter((child) => child.is(name, SENSOR_DATA))
    .map((child) => {
      const value = child.attribute(attribute);
      if (value === undefined) throw new HubError('bad-request', `<${name}/> needs "${attribute}".`);
      return value;
    });
}

function flag(payload: Element, name: string): boolean {
  const value = payload.attribute(name) ?? 'false';
  if (!/^(true|false|1|0)$/.test(value)) throw new HubError('bad-request', `"${name}" is true or false.`);
  return value === 'true' || value === '1';
}

function asksForHistory(payload: Element): boolean {
  return Object.keys(payload.attributes).some((name) => name.startsWith('historical') && flag(payload, name));
}

function dateTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
