import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/dialects/row.js';
import { rowOf, rows } from '../../src/dialects/table.js';
import type { OperationName } from '../../src/domain/command.js';
import { type ErrorCode, errorTable } from '../../src/domain/errors.js';
import { type Dialect, type Generation, generations } from '../../src/domain/generation.js';
import type { Element } from '../../src/xmpp/element.js';
import { errorCondition, errorReply } from '../../src/xmpp/stanza.js';
import { hasRow } from './accounts.js';
import { corrected, legible } from './errata.js';
import { allExamples, type Example } from './examples.js';
import { plain, readStanzas } from './stanzas.js';

const withRow = allExamples().filter(hasRow);

/** For `it.each`: the title, and the example. */
function titled(wanted: (example: Example) => boolean): [string, Example][] {
  return withRow.filter(wanted).map((example) => [example.file, example]);
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

function rowFor(payload: Element, stanza: Element, dialect: Dialect): Row<OperationName> | undefined {
  const type = stanza.attribute('type') ?? '';
  return rows.find(
    (row) =>
      row.generation === dialect &&
      row.name === payload.name &&
      row.ns === payload.ns &&
      row.kind === stanza.name &&
      (row.kind === 'message' || row.types.some((known) => known === type)),
  );
}

/** Reads a stanza by its row and writes it again; returns both as plain data. */
function roundTrip(stanza: Element, operation: OperationName, dialect: Dialect): [unknown, unknown] {
  const payload = stanza.elements()[0];
  const type = stanza.attribute('type');
  if (type === 'error') return [refusalOf(stanza), refusalOf(errorReply(stanza, codeOf(stanza)))];
  if (type === 'result') {
    const row = rowOf(operation, dialect);
    return [plain(payload), plain(row.writeAnswer(row.readAnswer(payload)))];
  }
  const row = payload && rowFor(payload, stanza, dialect);
  if (payload === undefined || row === undefined) throw new Error(`no row reads <${payload?.name}/>`);
  return [plain(payload), plain(row.writeRequest(row.readRequest(payload)))];
}

function refusalOf(stanza: Element): unknown {
  return { type: stanza.child('error')?.attribute('type'), condition: errorCondition(stanza) };
}

/** What Hearth calls a refusal. */
function codeOf(stanza: Element): ErrorCode {
  const condition = errorCondition(stanza);
  if (!(condition in errorTable)) throw new Error(`no refusal is called ${condition}`);
  return condition as ErrorCode;
}

/** `form` brings the example's text into the dialect. */
function expectReadAndWritten(example: Example, dialect: Dialect, form: (text: string) => string): void {
  const operation = example.operation as OperationName;
  const read = readStanzas(form(legible(example)));
  const expected = readStanzas(form(corrected(example)));
  expect(expected).toHaveLength(read.length);
  for (const [i, stanza] of read.entries()) {
    const [, written] = roundTrip(stanza, operation, dialect);
    const [wanted] = roundTrip(expected[i] ?? stanza, operation, dialect);
    expect(written).toEqual(wanted);
  }
}

describe.each(generations)('golden examples in generation %s', (generation) => {
  it.each(titled(({ specification }) => specification !== 'siot'))('%s', (_, example) => {
    expectReadAndWritten(example, generation, (text) => translate(text, generation));
  });
});

describe('golden examples of Simple IoT', () => {
  it.each(titled(({ specification }) => specification === 'siot'))('%s', (_, example) => {
    expectReadAndWritten(example, 'siot', (text) => text);
  });
});
