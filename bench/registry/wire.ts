import { discoveryRows } from '../../src/dialects/xep0347.js';
import type { SearchOperator } from '../../src/domain/search.js';
import type { Tag } from '../../src/domain/tag.js';
import type { Element } from '../../src/xmpp/element.js';
import { serialize } from '../../src/xmpp/serialize.js';
import { PAGE, queriesOf, shapes } from './queries.js';

const rows = discoveryRows('xmpp');

/** An iq of this type to the hub around `{payload}`. */
export function iqTemplate(hub: string, type: 'get' | 'set'): string {
  return `<iq type='${type}' to='${hub}' id='{id}'>{payload}</iq>`;
}

/** Searches of all shapes in turn, `each` of every shape, as they go over the wire. */
export function searchPayloads(things: number, each: number): readonly string[] {
  const asked = shapes.map((shape) => queriesOf(shape, things, each));
  return Array.from({ length: each }, (_, i) => asked.map((queries) => searchXml(queries[i] ?? []))).flat();
}

/** A public claim of the thing with exactly these tags. */
export function claimPayload(tags: readonly Tag[]): string {
  return xml(rowOf('claim').writeRequest({ tags, public: true }));
}

function searchXml(operators: readonly SearchOperator[]): string {
  return xml(rowOf('search').writeRequest({ offset: 0, maxCount: PAGE, operators }));
}

type DiscoveryRow = (typeof rows)[number];

function rowOf<Name extends DiscoveryRow['operation']>(name: Name) {
  const row = rows.find(({ operation }) => operation === name);
  if (row === undefined) throw new Error(`The dialect has no row ${name}.`);
  return row as Extract<DiscoveryRow, { readonly operation: Name }>;
}

/** The generator writes latin1: the bytes of UTF-8, one a character. */
function xml(element: Element | undefined): string {
  return element === undefined ? '' : Buffer.from(serialize(element, 'jabber:client')).toString('latin1');
}
