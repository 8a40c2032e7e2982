import { readdirSync, readFileSync } from 'node:fs';
import type { Dialect } from '../../src/domain/generation.js';

/** The specifications whose examples are here: how many each has, and the dialect that they are written in. */
export const specifications = {
  'xep-0347': { count: 61, dialect: 'xmpp' },
  'xep-0324': { count: 26, dialect: 'xmpp' },
  'xep-0324-schema': { count: 11, dialect: 'xmpp' },
  siot: { count: 18, dialect: 'siot' },
  'harmonized-owner': { count: 29, dialect: 'nf' },
  'harmonized-tokens': { count: 5, dialect: 'nf' },
} as const satisfies Record<string, { readonly count: number; readonly dialect: Dialect }>;

/** One of them. */
export type Specification = keyof typeof specifications;

/** An example of a specification: one file, verbatim where the specification has it. */
export interface Example {
  readonly specification: Specification;
  /** Path below this folder. */
  readonly file: string;
  /** The path up to the number: `xep-0347/claim-15`. */
  readonly id: string;
  /** What the file's name begins with; empty where it does not begin as it should. */
  readonly operation: string;
  /** Number in the specification. */
  readonly number: number;
  readonly text: string;
}

/** The examples of a specification, by their numbers. */
export function examplesOf(specification: Specification): Example[] {
  return readdirSync(new URL(`./${specification}/`, import.meta.url))
    .filter((name) => name.endsWith('.xml'))
    .map((name) => read(specification, name))
    .sort((a, b) => a.number - b.number);
}

/** All examples. */
export function allExamples(): Example[] {
  return (Object.keys(specifications) as Specification[]).flatMap(examplesOf);
}

function read(specification: Specification, name: string): Example {
  const file = `${specification}/${name}`;
  const [, operation = '', number = ''] = /^([a-z-]+)-(\d\d)-.+\.xml$/.exec(name) ?? [];
  const text = readFileSync(new URL(`./${file}`, import.meta.url), 'utf8');
  return {
    specification,
    file,
    id: `${specification}/${operation}-${number}`,
    operation,
    number: Number(number),
    text,
  };
}
