/** XEP-0323: Internet of Things - Sensor Data, version 0.6.1: the codec of readouts. */
import type { Category, Tokens } from '../domain/access.js';
import type { NodePart } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import { type FieldKind, type FieldReading, fieldKinds } from '../domain/field.js';
import { type Element, element } from '../xmpp/element.js';
import { readTokens, writeTokens } from './caller-tokens.js';
import { readCategories, writeCategories } from './categories.js';
import { writeNames, writeNodes } from './named-parts.js';
import { requiredNode, writeNode } from './node.js';
import { booleanAttribute, required } from './read.js';

export const SENSOR_DATA = 'urn:xmpp:iot:sensordata';

/** A request to read [0323 3]. */
export interface ReadRequest {
  /** The caller's number, as it wrote it. */
  readonly seqnr: string;
  /** Wanted categories of present fields; `undefined` for all. */
  readonly kinds: ReadonlySet<FieldKind> | undefined;
  /** Categories as they were asked for, the historical ones too: what provisioning is asked about. */
  readonly categories: readonly Category[];
  /** Wanted fields; `undefined` for all. */
  readonly names: ReadonlySet<string> | undefined;
  /** Nodes behind a concentrator. */
  readonly nodes: readonly NodePart[];
  /** On whose behalf it is asked [0324 6.6]. */
  readonly tokens: Tokens;
}

/** What was read of one node. */
export interface NodeReadings {
  readonly node: NodePart;
  readonly readings: readonly FieldReading[];
}

/** What could not be read of one node. */
export interface NodeFailure {
  readonly node: NodePart;
  readonly text: string;
}

/** Reads `<req/>`. Throws bad-request. A request for a later time is refused: a thing reads at once. */
export function readReq(payload: Element): ReadRequest {
  const seqnr = payload.attribute('seqnr') ?? '';
  if (!/^-?\d{1,10}$/.test(seqnr))
    throw new HubError('bad-request', 'A readout needs "seqnr", a whole number.');
  if (payload.attribute('when') !== undefined)
    throw new HubError('bad-request', 'This thing reads at once, not at a later time. Leave out "when".');
  const nodes = childrenOf(payload, 'node').map(requiredNode);
  const names = childrenOf(payload, 'field').map((child) => required(child, 'name'));
  const kinds = fieldKinds.filter((kind) => flag(payload, kind));
  const all = flag(payload, 'all') || (kinds.length === 0 && !asksForHistory(payload));
  return {
    seqnr,
    kinds: all ? undefined : new Set(kinds),
    categories: readCategories(payload),
    names: names.length === 0 ? undefined : new Set(names),
    nodes,
    tokens: readTokens(payload),
  };
}

/** `<req/>` of who wants to read; for all categories where none is named. */
export function writeReq({ seqnr, categories, names, nodes, tokens }: Omit<ReadRequest, 'kinds'>): Element {
  return element(
    'req',
    SENSOR_DATA,
    { seqnr, ...writeTokens(tokens, 'xmpp'), ...writeCategories(categories, 'xmpp', 'refuse') },
    ...writeNodes(nodes, 'xmpp', SENSOR_DATA),
    ...writeNames([...(names ?? [])], 'field', 'long', SENSOR_DATA),
  );
}

/** The number in `<accepted/>`, `<started/>` or `<done/>`, as it is written. Throws bad-request. */
export function readState(payload: Element): string {
  return required(payload, 'seqnr');
}

/**
 * What `<rejected/>` says, as a refusal: XEP-0323 had it before version 0.3, the examples of XEP-0324 still do. Things
 * refuse with a stanza error now.
 */
export function readRejected(payload: Element): HubError {
  const errors = childrenOf(payload, 'error').map((child) => child.text().trim());
  return new HubError('forbidden', errors.find((text) => text !== '') ?? 'Access denied.');
}

/** `<accepted/>`, `<done/>`: the elements that say no more than whose turn it is. */
export function writeState(name: 'accepted' | 'done', seqnr: string): Element {
  return element(name, SENSOR_DATA, { seqnr });
}

/** `<fields/>` of nodes at one time. `time` in milliseconds since 1970. */
export function writeFields(
  seqnr: string,
  time: number,
  nodes: readonly NodeReadings[],
  done: boolean,
): Element {
  const children = nodes.map(({ node, readings }) => {
    const timestamp = element(
      'timestamp',
      SENSOR_DATA,
      { value: dateTime(time) },
      ...readings.map(writeField),
    );
    return element('node', SENSOR_DATA, writeNode(node, 'xmpp'), timestamp);
  });
  return element('fields', SENSOR_DATA, { seqnr, done: done ? 'true' : undefined }, ...children);
}

/** `<failure/>`, which ends the readout. `time` in milliseconds since 1970. */
export function writeFailure(seqnr: string, time: number, failures: readonly NodeFailure[]): Element {
  const errors = failures.map(({ node, text }) =>
    element('error', SENSOR_DATA, { ...writeNode(node, 'xmpp'), timestamp: dateTime(time) }, text),
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

function childrenOf(payload: Element, name: string): readonly Element[] {
  return payload.elements().filter((child) => child.is(name, SENSOR_DATA));
}

function flag(payload: Element, name: string): boolean {
  return booleanAttribute(payload, name, false);
}

function asksForHistory(payload: Element): boolean {
  return Object.keys(payload.attributes).some((name) => name.startsWith('historical') && flag(payload, name));
}

function dateTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
