import { readdirSync, readFileSync } from 'node:fs';

/** The specifications whose examples are here, with how many each has. */
export const specifications = { 'xep-0347': 61, 'xep-0324': 26, siot: 18 } as const;

/** One of them. */
export type Specification = keyof typeof specifications;

/** An example of a specification: one file, verbatim. */
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
