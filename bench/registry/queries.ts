import type { SearchOperator } from '../../src/domain/search.js';
import type { Tag } from '../../src/domain/tag.js';
import { Dice } from './dice.js';
import { isPublic, type TagName, tagsOf } from './lamp.js';

/** The shapes of queries, each with what it is. */
export const SHAPES = {
  q1: 'maker, model and serial number',
  q2: 'maker and the beginning of the serial number',
  q3: 'a box of 10 by 10 degrees',
  q4: 'model and a range of versions',
  q5: 'class and any country but one, from half of the hits on',
  q6: 'a piece of the city and a piece of the street',
} as const;

/** The name of a shape. */
export type Shape = keyof typeof SHAPES;

/** All names. */
export const shapes = Object.keys(SHAPES) as readonly Shape[];

/** Things on one page. */
export const PAGE = 20;

/** `count` queries of a shape over the things 0 to `things` - 1; each asks for what one of them has. */
export function queriesOf(
  shape: Shape,
  things: number,
  count: number,
): readonly (readonly SearchOperator[])[] {
  const dice = new Dice(shapes.indexOf(shape) + 17 * things);
  return Array.from({ length: count }, () => {
    let i = dice.below(things);
    while (!isPublic(i)) i = dice.below(things);
    return operatorsOf(shape, new Known(tagsOf(i)), dice);
  });
}

/** The tags of the thing that a query has in mind. */
class Known {
  private readonly values: ReadonlyMap<string, string | number>;

  constructor(tags: readonly Tag[]) {
    this.values = new Map(tags.map(({ name, value }) => [name, value]));
  }

  text(name: TagName): string {
    return String(this.values.get(name));
  }

  number(name: TagName): number {
    return Number(this.values.get(name));
  }
}

function operatorsOf(shape: Shape, known: Known, dice: Dice): readonly SearchOperator[] {
  const same = (name: TagName): SearchOperator => ({ kind: 'strEq', name, value: known.text(name) });
  switch (shape) {
    case 'q1':
      return [same('MAN'), same('MODEL'), same('SN')];
    case 'q2':
      return [same('MAN'), mask('SN', `${known.text('SN').slice(0, 3)}*`)];
    case 'q3':
      return [around('LAT', known, dice), around('LON', known, dice)];
    case 'q4':
      return [
        same('MODEL'),
        { kind: 'numGtEq', name: 'V', value: 1 },
        { kind: 'numLt', name: 'V', value: 2 },
      ];
    case 'q5': {
      const other = new Known(tagsOf(dice.below(1000)));
      return [same('CLASS'), { kind: 'strNEq', name: 'COUNTRY', value: other.text('COUNTRY') }];
    }
    case 'q6':
      return [
        mask('CITY', `*${piece('CITY', known, dice)}*`),
        mask('STREET', `*${piece('STREET', known, dice).slice(1)}*`),
      ];
  }
}

function mask(name: TagName, text: string): SearchOperator {
  return { kind: 'strMask', name, mask: text, wildcard: '*' };
}

/** Ten degrees with the thing somewhere inside. */
function around(name: TagName, known: Known, dice: Dice): SearchOperator {
  const min = Math.round((known.number(name) - 10 * dice.share()) * 100) / 100;
  return { kind: 'numRange', name, range: { min, minIncluded: true, max: min + 10, maxIncluded: true } };
}

/** Four characters from inside the value. */
function piece(name: TagName, known: Known, dice: Dice): string {
  const text = known.text(name);
  const at = 1 + dice.below(Math.max(1, Math.min(4, text.length - 5)));
  return text.slice(at, at + 4);
}
