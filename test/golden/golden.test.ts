import { describe, expect, it } from 'vitest';
import { harmonizedGenerations } from '../../src/dialects/namespaces.js';
import { findRow } from '../../src/dialects/table.js';
import type { OperationName } from '../../src/domain/command.js';
import { type Dialect, type Generation, generations } from '../../src/domain/generation.js';
import type { Element } from '../../src/xmpp/element.js';
import { hasRow } from './accounts.js';
import { corrected, legible } from './errata.js';
import { allExamples, type Example, specifications } from './examples.js';
import { asWritten, rewrite } from './rewrite.js';
import { readStanzas } from './stanzas.js';
import { type Form, formOf, translate } from './translate.js';

const withRow = allExamples().filter(hasRow);
const ofXeps = withRow.filter(({ specification }) => specifications[specification].dialect === 'xmpp');
const harmonized = withRow.filter(({ specification }) => specifications[specification].dialect === 'nf');
const access = ofXeps.filter(({ operation }) => operation === 'can-read' || operation === 'can-control');

/** For `it.each`: the title, and the example. */
function titled(examples: readonly Example[]): [string, Example][] {
  return examples.map((example) => [example.file, example]);
}

/** Those whose operation the generation has. */
function sayable(examples: readonly Example[], generation: Generation): Example[] {
  return examples.filter(({ operation }) => findRow(operation as OperationName, generation) !== undefined);
}

type Change = (stanzas: readonly Element[]) => readonly Element[];

/** What was read in one form is written in another, or in the same. */
function expectWritten(example: Example, dialect: Dialect, read: Change, written: Change = read): void {
  const said = rewrite(read(readStanzas(legible(example))), example.operation as OperationName, dialect);
  expect(said).toEqual(asWritten(written(readStanzas(corrected(example)))));
}

function inForm(form: Form): Change {
  return (stanzas) => stanzas.map((stanza) => translate(stanza, form));
}

describe.each(generations)('golden examples in generation %s', (generation) => {
  it.each(titled(sayable(ofXeps, generation)))('%s', (_, example) => {
    expectWritten(example, generation, inForm(formOf(generation)));
  });
});

describe.each(harmonizedGenerations)('in generation %s, parameters as the schema has them', (generation) => {
  it.each(titled(access))('%s', (_, example) => {
    expectWritten(example, generation, inForm(formOf(generation, 'short')));
  });
});

describe.each(generations)('in generation %s, read as others spell it', (generation) => {
  it.each(titled(access))('%s', (_, example) => {
    const own = formOf(generation);
    const foreign: Form = { ...own, names: own.names === 'long' ? 'short' : 'long' };
    expectWritten(example, generation, inForm(foreign), inForm(own));
  });
});

it('only services have no words in the harmonised dialects', () => {
  for (const generation of harmonizedGenerations) {
    const unsayable = ofXeps.filter((example) => !sayable(ofXeps, generation).includes(example));
    expect([...new Set(unsayable.map(({ operation }) => operation))].sort()).toEqual([
      'can-access',
      'download-privileges',
      'has-privilege',
    ]);
  }
});

describe.each(harmonizedGenerations)('the harmonised dialects in generation %s', (generation) => {
  const change = (text: string) => text.replaceAll('urn:nf:', `urn:${generation}:`);
  it.each(titled(harmonized))('%s', (_, { text, ...example }) => {
    expectWritten({ ...example, text: change(text) }, generation, (stanzas) => stanzas);
  });
});

describe('golden examples of Simple IoT', () => {
  it.each(titled(withRow.filter(({ specification }) => specification === 'siot')))('%s', (_, example) => {
    expectWritten(example, 'siot', (stanzas) => stanzas);
  });
});
