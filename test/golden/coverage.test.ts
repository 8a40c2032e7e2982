import { afterAll, describe, expect, it } from 'vitest';
import { accountsOf, played } from './accounts.js';
import { differences, misprints } from './errata.js';
import { allExamples, examplesOf, type Specification, specifications } from './examples.js';
import { fragments } from './fragments.js';

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
    const { count } = specifications[specification];
    expect(numbers).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  });

  it('exactly one thing sees to each example', () => {
    const wrong = everything.map((example) => [example.file, accountsOf(example)] as const);
    expect(wrong.filter(([, accounts]) => accounts.length !== 1)).toEqual([]);
  });

  it('what is said of examples is said of examples that are there', () => {
    const said = [...Object.keys(fragments), ...played];
    said.push(...[...misprints, ...differences].flatMap(({ examples }) => examples));
    expect(said.filter((id) => !everything.some((example) => example.id === id))).toEqual([]);
  });

  it('every correction changes its examples', () => {
    for (const { examples, correct } of [...misprints, ...differences]) {
      for (const example of everything.filter(({ id }) => examples.includes(id)))
        expect(correct(example.text), example.id).not.toBe(example.text);
    }
  });

  afterAll(() => {
    for (const specification of names) {
      const examples = examplesOf(specification);
      const covered = examples.filter((example) => accountsOf(example).length === 1).length;
      process.stdout.write(`${specification}: ${covered} of ${examples.length} examples covered\n`);
    }
  });
});
