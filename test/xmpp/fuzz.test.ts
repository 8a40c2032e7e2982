import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { element } from '../../src/xmpp/element.js';
import { afterLogin, beforeLogin } from '../../src/xmpp/limits.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { XmlParser } from '../../src/xmpp/parser.js';
import { serialize } from '../../src/xmpp/serialize.js';
import { StreamFault } from '../../src/xmpp/stream-fault.js';
import { HEADER, type Rig, rig, until } from './recording.js';
import { validStreams } from './samples.js';

const TOKENS = [
  '<',
  '>',
  '/>',
  '</',
  '&',
  ';',
  "'",
  '"',
  '=',
  ' ',
  '<!',
  '<?',
  '?>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<!DOCTYPE',
  '&amp;',
  '&#0;',
  '&#x41;',
  '<a>',
  '</a>',
  '<a/>',
  "xmlns='",
  "xmlns:p='urn:p'",
  'p:',
  'é',
  '🦔',
  '\u0000',
  '\ufeff',
  '\r',
  '\n',
  '</stream:stream>',
  '<stream:error>',
  HEADER,
];
const RAW = [
  [0xff],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xe2, 0x82],
  [0xf0, 0x9f],
  [0x80],
  [0x00],
  [0xef, 0xbb, 0xbf],
];

/** One change to the bytes of a stream. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.nat(12),
  insert: fc.oneof(
    fc.constantFrom(...TOKENS).map((token) => Buffer.from(token)),
    fc.constantFrom(...RAW).map((bytes) => Buffer.from(bytes)),
    fc.constant(Buffer.alloc(0)),
  ),
});

const hostile = fc
  .tuple(fc.constantFrom(...validStreams), fc.array(mutation, { minLength: 1, maxLength: 5 }))
  .map(([[, xml], mutations]) =>
    mutations.reduce((bytes, { at, drop, insert }) => {
      const place = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, place), insert, bytes.subarray(place + drop)]);
    }, Buffer.from(xml)),
  );

/** The parts of the bytes, cut at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => Math.floor(place * bytes.length)), bytes.length].sort(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
}

/** What the parser made of it: elements, and the condition of its fault. */
function parse(parts: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const parser = new XmlParser(beforeLogin, {
    header: ({ ns }) => lines.push(`header ${ns}`),
    element: (it) => lines.push(serialize(it, '')),
    end: () => lines.push('end'),
  });
  try {
    for (const part of parts) parser.write(part);
  } catch (error) {
    if (!(error instanceof StreamFault)) throw error;
    lines.push(error.condition);
  }
  return lines;
}

describe('hostile streams', () => {
  it('make the parser throw stream faults only', () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        parse([bytes]);
        parse([...bytes].map((byte) => Buffer.from([byte])));
      }),
      { numRuns: 3000 },
    );
  });

  it('abuse 6: are judged alike however they are cut, as long as they are UTF-8', () => {
    const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });
    fc.assert(
      fc.property(hostile, places, (mutated, at) => {
        const bytes = Buffer.from(mutated.toString());
        expect(parse(cut(bytes, at))).toEqual(parse([bytes]));
      }),
      { numRuns: 3000 },
    );
  });

  it('end once and leave no timer', async () => {
    const rigs: Rig[] = [];
    const streams = fc.sample(hostile, 2000);
    for (const bytes of streams) {
      const made = rig({ limits: afterLogin });
      made.stream.sendHeader({ ns: NS.client });
      made.recorder.react = () => made.stream.send(element('ok', NS.client));
      made.peer.write(bytes);
      made.peer.end();
      rigs.push(made);
    }
    await until(() => rigs.every(({ stream }) => stream.ended && stream.connection.closed), 'every end');
    for (const { recorder, clock } of rigs) {
      expect(recorder.ends).toHaveLength(1);
      expect(recorder.lines.at(-1)).toMatch(/^closed/);
      expect(clock.waiting()).toEqual([]);
    }
  });
});
