import { describe, expect, it } from 'vitest';
import { readTagChanges } from '../../src/domain/tag-expression.js';

const present = [
  { name: 'FLOOR', value: '2' },
  { name: 'SEATS', value: 4 },
];

describe('changes of tags', () => {
  it.each([
    ['ROOM=kitchen', 'ROOM', 'kitchen'],
    ['room=a=b', 'ROOM', 'a=b'],
    ['ROOM=', 'ROOM', ''],
    ['#LEVEL=', 'LEVEL', ''],
    ['LAT=', 'LAT', ''],
    ['LAT=59.5', 'LAT', 59.5],
    ['SN=123', 'SN', '123'],
    ['FLOOR=3', 'FLOOR', '3'],
    ['#FLOOR=3', 'FLOOR', 3],
    ['SEATS=5', 'SEATS', 5],
    ['SEATS="5"', 'SEATS', '5'],
    ['SEATS=many', 'SEATS', 'many'],
    ['NEW=7', 'NEW', 7],
    ['NEW=007', 'NEW', '007'],
  ])('%s', (expression, name, value) => {
    expect(readTagChanges([expression], present)).toEqual([{ name, value }]);
  });

  it.each([
    ['ROOM', 'no "="'],
    ['=x', 'tag name is empty'],
    ['KEY=1', 'KEY is between'],
    ['LAT=north', 'LAT is a number'],
    ['#A=x', 'A is a number'],
    [`${'N'.repeat(33)}=x`, '32 characters'],
  ])('refuse %s', (expression, text) => {
    expect(() => readTagChanges([expression], present, 32)).toThrow(text);
    expect(() => readTagChanges([expression], present, 32)).toThrow('Write it as in');
  });

  it('refuse a tag that comes twice, and nothing at all', () => {
    expect(() => readTagChanges(['A=1', 'a=2'], present)).toThrow('twice');
    expect(() => readTagChanges([], present)).toThrow('ROOM=kitchen');
  });
});
