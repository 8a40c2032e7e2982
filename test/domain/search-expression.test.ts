import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../src/domain/errors.js';
import { readExpression, readSearch } from '../../src/domain/search-expression.js';

const one = (expression: string) => {
  const readings = readExpression(expression);
  expect(readings).toHaveLength(1);
  return readings[0];
};
const range = (min: number | string, minIncluded: boolean, max: number | string, maxIncluded: boolean) => ({
  range: { min, minIncluded, max, maxIncluded },
});

describe('search expressions', () => {
  it.each([
    ['CLASS=lamp', { kind: 'strEq', name: 'CLASS', value: 'lamp' }],
    ['class=Lamp', { kind: 'strEq', name: 'CLASS', value: 'Lamp' }],
    ['NAME=', { kind: 'strEq', name: 'NAME', value: '' }],
    ['NAME<>x y', { kind: 'strNEq', name: 'NAME', value: 'x y' }],
    ['SN=123', { kind: 'strEq', name: 'SN', value: '123' }],
    ['SN>5', { kind: 'strGt', name: 'SN', value: '5' }],
    ['FLOOR="2"', { kind: 'strEq', name: 'FLOOR', value: '2' }],
    ['NAME="say \\"x\\" \\\\"', { kind: 'strEq', name: 'NAME', value: 'say "x" \\' }],
    ['LAT="59"', { kind: 'strEq', name: 'LAT', value: '59' }],
    ['V>=1.2', { kind: 'numGtEq', name: 'V', value: 1.2 }],
    ['V<2', { kind: 'numLt', name: 'V', value: 2 }],
    ['V<=.5', { kind: 'numLtEq', name: 'V', value: 0.5 }],
    ['LON<>-71.5', { kind: 'numNEq', name: 'LON', value: -71.5 }],
    ['#FLOOR=02', { kind: 'numEq', name: 'FLOOR', value: 2 }],
    ['INVENTORY=00123', { kind: 'strEq', name: 'INVENTORY', value: '00123' }],
    ['INVENTORY=394872348732948723', { kind: 'strEq', name: 'INVENTORY', value: '394872348732948723' }],
    ['SN~39487*', { kind: 'strMask', name: 'SN', mask: '39487*', wildcard: '*' }],
    ['NAME~"/x/"', { kind: 'strMask', name: 'NAME', mask: '/x/', wildcard: '*' }],
    ['NAME~/usr/*', { kind: 'strMask', name: 'NAME', mask: '/usr/*', wildcard: '*' }],
    ['NAME~/reg.*(ex|=x)/', { kind: 'strRegEx', name: 'NAME', expression: 'reg.*(ex|=x)' }],
    ['*LOC=x', { kind: 'strEq', name: '*LOC', nameWildcard: '*', value: 'x' }],
    ['#*=1', { kind: 'numEq', name: '*', nameWildcard: '*', value: 1 }],
    ['LAT=59..60', { kind: 'numRange', name: 'LAT', ...range(59, true, 60, true) }],
    ['LAT=59..<60', { kind: 'numRange', name: 'LAT', ...range(59, true, 60, false) }],
    ['LAT=-60.5<..-59', { kind: 'numRange', name: 'LAT', ...range(-60.5, false, -59, true) }],
    ['FLOOR=1..3', { kind: 'numRange', name: 'FLOOR', ...range(1, true, 3, true) }],
    ['LAT<>59..60', { kind: 'numNRange', name: 'LAT', ...range(59, true, 60, true) }],
    ['NAME="a"..<"f"', { kind: 'strRange', name: 'NAME', ...range('a', true, 'f', false) }],
    ['PURL=http://x/../y', { kind: 'strEq', name: 'PURL', value: 'http://x/../y' }],
  ])('%s', (expression, operator) => {
    expect(one(expression)).toEqual(operator);
  });

  it('where nothing tells whether a number is meant, both are tried: numbers first', () => {
    expect(readExpression('FLOOR<2')).toEqual([
      { kind: 'numLt', name: 'FLOOR', value: 2 },
      { kind: 'strLt', name: 'FLOOR', value: '2' },
    ]);
    const kinds = readSearch(['A=1', 'CLASS=x', 'B=2']).map((search) => search.map(({ kind }) => kind));
    expect(kinds[0]).toEqual(['numEq', 'strEq', 'numEq']);
    expect(kinds[3]).toEqual(['strEq', 'strEq', 'strEq']);
    expect(kinds).toHaveLength(4);
    expect(() => readSearch(['A=1', 'B=1', 'C=1', 'D=1', 'E=1'])).toThrow('#FLOOR=2');
  });

  it.each([
    ['lamp', 'compares nothing', 'CLASS=lamp'],
    ['=lamp', 'tag name is empty', 'CLASS=lamp'],
    ['A B=1', 'white space', 'CLASS=lamp'],
    ['LAT=north', 'LAT is a number', 'LAT=59..60'],
    ['LAT=59..', 'LAT is a number', 'LAT=59..60'],
    ['LAT=60..59', 'ends before it begins', 'LAT=59..60'],
    ['LAT>59..60', 'range stands behind', 'LAT=59..60'],
    ['LAT=1.."2"', 'from a number to a text', 'LAT=59..60'],
    ['LAT="1".."2"', 'quotes make text', 'LAT=59..60'],
    ['V~1*', '"~" compares text', 'V>=59'],
    ['#A~1*', '"~" compares text', '#FLOOR=2'],
    ['#A="1"', 'quotes make text', '#FLOOR=2'],
    ['#A=x', 'A is a number', '#FLOOR=2'],
    ['SN=1..2', 'stand in quotes', 'SN~la*'],
    ['NAME="x', 'not closed', 'NAME=lamp'],
    ['NAME="x"y', 'not closed', 'NAME=lamp'],
    ['A=>1', 'begins with ">"', 'V>=1.2'],
    ['A==1', 'begins with "="', 'V>=1.2'],
    ['key=1', 'goes by KEY', 'CLASS=lamp'],
    [`NAME=${'x'.repeat(129)}`, '128', 'NAME=lamp'],
  ])('refuse %s, saying where and how else', (expression, text, example) => {
    expect(() => readSearch(['CLASS=lamp', expression])).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining(text) }),
    );
    expect(() => readSearch([expression])).toThrow(example);
    expect(() => readSearch([expression])).toThrow(`"${expression.slice(0, 24)}`);
  });

  it('say what to write where there are none', () => {
    expect(() => readSearch([])).toThrow('LAT=59..60');
  });

  it('never fail otherwise', () => {
    const sign = fc.constantFrom('=', '<>', '~', '~/', '=1..', '="', '');
    fc.assert(
      fc.property(fc.string(), sign, fc.string(), (name, middle, value) => {
        try {
          readSearch([name + middle + value]);
        } catch (error) {
          expect((error as HubError).code).toBe('bad-request');
          expect(error).toBeInstanceOf(HubError);
        }
      }),
    );
  });
});
