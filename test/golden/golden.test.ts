import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Row } from '../../src/dialects/row.js';
import { rowOf, rows } from '../../src/dialects/table.js';
import { decodeClaimCode, encodeXepClaimCode } from '../../src/domain/claim-code.js';
import type { OperationName } from '../../src/domain/command.js';
import { type Generation, generations } from '../../src/domain/generation.js';
import type { Element } from '../../src/xmpp/element.js';
import { errorCondition, errorReply } from '../../src/xmpp/stanza.js';
import { corrected } from './errata.js';
import { plain, readStanzas } from './stanzas.js';

const SPECIFICATIONS = ['xep-0347', 'xep-0324'] as const;
const operations = new Set<string>(rows.map((row) => row.operation));

interface Example {
  /** Path below this folder. */
  readonly file: string;
  readonly operation: OperationName;
  readonly text: string;
}

function files(specification: string): string[] {
  return readdirSync(new URL(`./${specification}/`, import.meta.url)).map(
    (name) => `${specification}/${name}`,
  );
}

/** The examples of the operations that the dialects have; the name of a file begins with its operation. */
function examples(): Example[] {
  return SPECIFICATIONS.flatMap(files).flatMap((file) => {
    const operation = /\/([a-z-]+)-\d\d-/.exec(file)?.[1] ?? '';
    if (!operations.has(operation)) return [];
    const text = readFileSync(new URL(`./${file}`, import.meta.url), 'utf8');
    return [{ file, operation: operation as OperationName, text }];
  });
}

/** The same stanzas in another generation: its namespaces, and short names for the parts of a node's address. */
function translate(text: string, generation: Generation): string {
  if (generation === 'xmpp') return text;
  return text
    .replaceAll('urn:xmpp:iot:discovery', rowOf('register', generation).ns)
    .replaceAll('urn:xmpp:iot:provisioning', rowOf('is-friend', generation).ns)
    .replaceAll(/\bnodeId=/g, 'id=')
    .replaceAll(/\bsourceId=/g, 'src=')
    .replaceAll(/\bcacheType=/g, 'pt=')
    .replaceAll(/<thing owner='[^']*'/g, '<thing')
    .replaceAll(/<clearCacheResponse[^>]*\/>/g, '');
}

function rowFor(payload: Element, stanza: Element, generation: Generation): Row<OperationName> | undefined {
  const type = stanza.attribute('type') ?? '';
  return rows.find(
    (row) =>
      row.generation === generation &&
      row.name === payload.name &&
      row.ns === payload.ns &&
      row.kind === stanza.name &&
      (row.kind === 'message' || row.types.some((known) => known === type)),
  );
}

/** Reads a stanza by its row and writes it again; returns both as plain data. */
function roundTrip(stanza: Element, operation: OperationName, generation: Generation): [unknown, unknown] {
  const payload = stanza.elements()[0];
  const type = stanza.attribute('type');
  if (type === 'error') {
    const refusal = errorReply(stanza, 'item-not-found');
    return [errorCondition(stanza), errorCondition(refusal)];
  }
  if (type === 'result') {
    const row = rowOf(operation, generation);
    return [plain(payload), plain(row.writeAnswer(row.readAnswer(payload)))];
  }
  const row = payload && rowFor(payload, stanza, generation);
  if (payload === undefined || row === undefined) throw new Error(`no row reads <${payload?.name}/>`);
  return [plain(payload), plain(row.writeRequest(row.readRequest(payload)))];
}

describe.each(generations)('golden examples in generation %s', (generation) => {
  it.each(examples().map((example) => [example.file, example] as const))(
    '%s',
    (file, { operation, text }) => {
      const read = readStanzas(translate(text, generation));
      const expected = readStanzas(translate(corrected(file, text), generation));
      for (const [i, stanza] of read.entries()) {
        const [, written] = roundTrip(stanza, operation, generation);
        const correct = expected[i];
        if (correct === undefined) throw new Error('a correction lost a stanza');
        const [wanted] = roundTrip(correct, operation, generation);
        expect(written).toEqual(wanted);
      }
    },
  );
});

describe('claim codes', () => {
  it('xep-0347/claim-code-14 reads and writes verbatim', () => {
    const url = new URL('./xep-0347/claim-code-14-string-to-encode-as-a-qr-code.xml', import.meta.url);
    const text = readFileSync(url, 'utf8').trim();
    expect(encodeXepClaimCode(decodeClaimCode(text).tags)).toBe(text);
  });
});

describe('coverage', () => {
  const own = examples().map(({ file }) => file);

  it('every example is a file', () => {
    expect(SPECIFICATIONS.map((specification) => files(specification).length)).toEqual([61, 26]);
  });

  afterAll(() => {
    for (const specification of SPECIFICATIONS) {
      const covered = own.filter((file) => file.startsWith(specification)).length;
      const codes = specification === 'xep-0347' ? 1 : 0;
      process.stdout.write(
        `${specification}: ${covered + codes} of ${files(specification).length} examples covered\n`,
      );
    }
  });
});
