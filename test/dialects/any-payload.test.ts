import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rows } from '../../src/dialects/table.js';
import { categories } from '../../src/domain/access.js';
import { element } from '../../src/xmpp/element.js';
import { refusal } from './read-payload.js';

const attributes = fc.dictionary(
  fc.constantFrom(
    ...categories,
    ...'jid remoteJid key result range st dt ut serviceToken userToken deviceToken id src pt nodeId sourceId'.split(
      ' ',
    ),
    ...'cacheType name n all h m p s c i seqnr token value base64 type friend privilegeId userName offset'.split(
      ' ',
    ),
    ...'maxCount more public min max owner historical __proto__ constructor'.split(' '),
  ),
  fc.oneof(
    fc.constantFrom(
      'true',
      'false',
      '',
      'a@example.org',
      '1',
      '-1',
      'a b',
      'AAAA',
      'Caller',
      'yes',
      'IpAddress',
    ),
    fc.string(),
  ),
  { maxKeys: 8 },
);
const names = fc.constantFrom(
  ...'node nd field f parameter p partial fromJid fromDomain fromUser all credentials ip6 longitude'.split(
    ' ',
  ),
  ...'include exclude friend non-friend item pending-friend str num strMask thing name __proto__'.split(' '),
);
const text = fc.constantFrom('', '', '', 'x', 'AAAA');
const leaf = fc.record({ name: names, attributes, text });
const branch = fc.record({ name: names, attributes, text, leaves: fc.array(leaf, { maxLength: 2 }) });
const payload = fc.record({ attributes, text, branches: fc.array(branch, { maxLength: 3 }) });

type Shape = typeof payload extends fc.Arbitrary<infer Value> ? Value : never;

function build(name: string, ns: string, { attributes: own, text: said, branches }: Shape) {
  const children = branches.map((child) => {
    const leaves = child.leaves.map((inner) =>
      element(inner.name, ns, inner.attributes, inner.text || undefined),
    );
    return element(child.name, ns, child.attributes, ...leaves, child.text || undefined);
  });
  return element(name, ns, own, ...children, said || undefined);
}

describe('whatever comes', () => {
  it.each(rows.map((row) => [`${row.operation} in ${row.generation} (${row.ns})`, row] as const))(
    '%s is read or refused, and never throws anything else',
    (_, row) => {
      fc.assert(
        fc.property(payload, (shape) => {
          const request = build(row.name, row.ns, shape);
          expect([undefined, 'bad-request', 'jid-malformed']).toContain(
            refusal(() => row.readRequest(request)),
          );
        }),
        { numRuns: 60 },
      );
    },
  );
});
