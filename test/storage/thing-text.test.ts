import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ThingText } from '../../src/storage/thing-text.js';

const BEFORE = '01234567';

/** What is read of a text, or the name of the error. */
function reading(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as Error).name;
  }
}

function expectAsJson(reader: ThingText, json: string): void {
  const found = reading(() => reader.read(BEFORE + json, BEFORE.length));
  expect(found).toEqual(reading(() => JSON.parse(json)));
}

const text = fc.oneof(fc.constantFrom('SN', 'MAN', 'LAT', 'M', '', '"tags":[', ']', '}', 'ö'), fc.string());
const tag = fc.record({ name: text, value: fc.oneof(text, fc.double(), fc.integer()) });
const thing = fc.record(
  { jid: text, tags: fc.array(tag), owner: text, public: fc.boolean(), otherHashes: fc.array(text) },
  { requiredKeys: ['jid'] },
);

describe('the text of a thing', () => {
  it('is read as JSON.parse reads it', () => {
    const reader = new ThingText();
    fc.assert(
      fc.property(thing, (value) => expectAsJson(reader, JSON.stringify(value))),
      { numRuns: 2000 },
    );
  });

  it('is read so with anything in it changed, too', () => {
    const reader = new ThingText();
    const json = '{"jid":"a@x","tags":[{"name":"SN","value":"1"},{"name":"V","value":-1.5e3}],"hub":"h"}';
    expectAsJson(reader, json);
    for (let at = 0; at < json.length; at++) {
      expectAsJson(reader, json.slice(0, at));
      expectAsJson(reader, json.slice(0, at) + json.slice(at + 1));
      for (const other of '{}[]",:\\ 0-n')
        expectAsJson(reader, json.slice(0, at) + other + json.slice(at + 1));
    }
  });
});
