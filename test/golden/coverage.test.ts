import { afterAll, describe, expect, it } from 'vitest';
import { accountsOf, notYet, played } from './accounts.js';
import { differences, legible, misprints } from './errata.js';
import { allExamples, examplesOf, type Specification, specifications } from './examples.js';
import { fragments } from './fragments.js';
import { readStanzas } from './stanzas.js';

const everything = allExamples();
const names = Object.keys(specifications) as Specification[];

describe('fragments', () => {
  it.each(everything.filter(({ id }) => id in fragments).map((example) => [example.file, example] as const))(
    '%s',
    (_, { id, text }) => fragments[id]?.(text),
  );
});

describe('coverage', () => {
  it.each(names)('every example of %s is one file', (specification) => {
    const numbers = examplesOf(specification).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: specifications[specification] }, (_, i) => i + 1));
  });

  it('exactly one thing sees to each example', () => {
    const wrong = everything.map((example) => [example.file, accountsOf(example)] as const);
    expect(wrong.filter(([, accounts]) => accounts.length !== 1)).toEqual([]);
  });

  it('XEP-0347 waits for nothing, nor do the first seven examples of Simple IoT', () => {
    const waiting = everything.filter(({ id }) => id in notYet);
    expect(waiting.filter(({ specification }) => specification === 'xep-0347')).toEqual([]);
    expect(waiting.filter(({ specification, number }) => specification === 'siot' && number <= 7)).toEqual(
      [],
    );
  });

  it('what is said of examples is said of examples that are there', () => {
    const said = [...Object.keys(fragments), ...Object.keys(notYet), ...played];
    said.push(...[...misprints, ...differences].flatMap(({ examples }) => examples));
    expect(said.filter((id) => !everything.some((example) => example.id === id))).toEqual([]);
  });

  it('every correction changes its examples', () => {
    for (const { examples, correct } of [...misprints, ...differences]) {
      for (const example of everything.filter(({ id }) => examples.includes(id)))
        expect(correct(example.text), example.id).not.toBe(example.text);
    }
  });

  it.each(everything.filter(({ id }) => id in notYet).map((example) => [example.file, example] as const))(
    '%s is sound XML and waits',
    (_, example) => {
      expect(readStanzas(legible(example)).length).toBeGreaterThan(0);
    },
  );

  afterAll(() => {
    for (const specification of names) {
      const waiting = Object.entries(notYet).filter(([id]) => id.startsWith(`${specification}/`));
      const total = specifications[specification];
      process.stdout.write(`${specification}: ${total - waiting.length} of ${total} examples covered\n`);
      for (const why of new Set(waiting.map(([, reason]) => reason))) {
        const ids = waiting.filter(([, reason]) => reason === why).map(([id]) => id.split('/')[1]);
        process.stdout.write(`  not yet: ${ids.join(', ')}: ${why}\n`);
      }
    }
  });
});
