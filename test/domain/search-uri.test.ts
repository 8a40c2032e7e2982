import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../src/domain/errors.js';
import type { Range, SearchOperator } from '../../src/domain/search.js';
import { decodeSearchUri, encodeSearchUri } from '../../src/domain/search-uri.js';
import { anyName, anyNumber, anyText } from './random-tags.js';

/** Reads a URI that must be refused; the text that the person reads. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof HubError && error.code === 'bad-request') return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

const operatorsOf = (uri: string) => decodeSearchUri(uri).operators;
const range = <T>(min: T, minIncluded: boolean, max: T, maxIncluded: boolean): Range<T> => ({
  min,
  minIncluded,
  max,
  maxIncluded,
});

describe('search URIs', () => {
  it('compare texts and numbers in all ways', () => {
    expect(operatorsOf('iotdisco:A=1;B<>1;C<1;D<=1;E>1;F>=1;#G=1;#H<>1;#I<1;#J<=1;#K>1;#L>=1.50')).toEqual([
      { kind: 'strEq', name: 'A', value: '1' },
      { kind: 'strNEq', name: 'B', value: '1' },
      { kind: 'strLt', name: 'C', value: '1' },
      { kind: 'strLtEq', name: 'D', value: '1' },
      { kind: 'strGt', name: 'E', value: '1' },
      { kind: 'strGtEq', name: 'F', value: '1' },
      { kind: 'numEq', name: 'G', value: 1 },
      { kind: 'numNEq', name: 'H', value: 1 },
      { kind: 'numLt', name: 'I', value: 1 },
      { kind: 'numLtEq', name: 'J', value: 1 },
      { kind: 'numGt', name: 'K', value: 1 },
      { kind: 'numGtEq', name: 'L', value: 1.5 },
    ]);
  });

  it('have a mask with any wildcard, which stands first', () => {
    expect(operatorsOf('iotdisco:SN~*39*7*;MAN~=a=;N~%F0%9F%98%80x;M~\\;a;E~*')).toEqual([
      { kind: 'strMask', name: 'SN', mask: '39*7*', wildcard: '*' },
      { kind: 'strMask', name: 'MAN', mask: 'a=', wildcard: '=' },
      { kind: 'strMask', name: 'N', mask: 'x', wildcard: '\u{1f600}' },
      { kind: 'strMask', name: 'M', mask: 'a', wildcard: ';' },
      { kind: 'strMask', name: 'E', mask: '', wildcard: '*' },
    ]);
  });

  it('two bounds of one name are a range, in either order', () => {
    const inside = { kind: 'numRange', name: 'LAT', range: range(59, true, 60, false) };
    expect(operatorsOf('iotdisco:#LAT>=59;#LAT<60')).toEqual([inside]);
    expect(operatorsOf('iotdisco:#lat<60;CLASS=lamp;#LAT>=59')).toEqual([
      inside,
      { kind: 'strEq', name: 'CLASS', value: 'lamp' },
    ]);
    expect(operatorsOf('iotdisco:N>a;N<=f')).toEqual([
      { kind: 'strRange', name: 'N', range: range('a', false, 'f', true) },
    ]);
  });

  it('bounds that exclude each other are the outside of a range: its own ends are not found', () => {
    const outside = (uri: string) => operatorsOf(uri)[0];
    expect(outside('iotdisco:#A<2;#A>3')).toEqual({
      kind: 'numNRange',
      name: 'A',
      range: range(2, true, 3, true),
    });
    expect(outside('iotdisco:#A>=3;#A<=2')).toEqual({
      kind: 'numNRange',
      name: 'A',
      range: range(2, false, 3, false),
    });
    expect(outside('iotdisco:A>=f;A<b')).toEqual({
      kind: 'strNRange',
      name: 'A',
      range: range('b', true, 'f', false),
    });
    // By code points an emoji stands behind U+FFEE, by UTF-16 units before it.
    expect(outside('iotdisco:A>=%EF%BF%AE;A<=%F0%9F%98%80')).toMatchObject({ kind: 'strRange' });
  });

  it('the same name as number and as text has bounds of its own; other comparisons stand alone', () => {
    expect(operatorsOf('iotdisco:#A>1;A<2;#A<>3;#A<>4').map(({ kind }) => kind)).toEqual([
      'numGt',
      'strLt',
      'numNEq',
      'numNEq',
    ]);
  });

  it('name a registry, which is no part of the search', () => {
    expect(decodeSearchUri('IoTDisco:CLASS=lamp;R=hub.home.local')).toEqual({
      operators: [{ kind: 'strEq', name: 'CLASS', value: 'lamp' }],
      registry: 'hub.home.local',
    });
  });

  it.each([
    ['https://example.org', 'does not begin with "iotdisco:"'],
    ['IoTDisco;A:1', 'does not begin with "iotdisco:"'],
    ['iotdisco:', 'empty part'],
    ['iotdisco:R=hub.x', 'compares nothing'],
    ['iotdisco:A', 'has no "="'],
    ['iotdisco:KEY=1', 'goes by KEY'],
    ['iotdisco:key~*', 'goes by KEY'],
    ['iotdisco:JID=lamp@home.local', 'names a thing'],
    ['iotdisco:#A~*1', 'compares text'],
    ['iotdisco:A~', 'no wildcard'],
    ['iotdisco:#A>=one', 'finite decimal'],
    ['iotdisco:#A>1;#A>2', 'on one side'],
    ['iotdisco:#A>1;#A<2;#A<3', 'more bounds than two'],
    ['iotdisco:A=1;R=x;R=y', 'R comes twice'],
    ['iotdisco:A=1;R<>x', 'tag R is not'],
    ['iotdisco:A B=1', 'white space'],
    ['iotdisco:A=%E0%A4', 'begins no escape'],
  ])('refuse %s', (uri, text) => {
    const message = refusal(() => decodeSearchUri(uri));
    expect(message).toContain(text);
    expect(message).toMatch(/^This is not a search URI: .* Write it as in iotdisco:/);
  });

  const included = fc.boolean();
  const named = <O>(rest: fc.Arbitrary<O>) =>
    fc.tuple(anyName, rest).map(([name, other]) => ({ name, ...other }));
  const ranges = <T extends string | number>(
    kinds: readonly string[],
    value: fc.Arbitrary<T>,
    before: (a: T, b: T) => boolean,
  ) =>
    fc
      .tuple(fc.constantFrom(...kinds), value, value, included, included)
      .filter(([, a, b]) => a !== b)
      .map(([kind, a, b, minIncluded, maxIncluded]) => {
        const [min, max] = before(a, b) ? [a, b] : [b, a];
        return { kind, range: { min, minIncluded, max, maxIncluded } };
      });
  const ascii = fc.stringMatching(/^[ -~]{0,20}$/);
  const operator = named(
    fc.oneof(
      fc.record({
        kind: fc.constantFrom('strEq', 'strNEq', 'strGt', 'strGtEq', 'strLt', 'strLtEq'),
        value: anyText,
      }),
      fc.record({
        kind: fc.constantFrom('numEq', 'numNEq', 'numGt', 'numGtEq', 'numLt', 'numLtEq'),
        value: anyNumber,
      }),
      fc.record({
        kind: fc.constant('strMask'),
        mask: anyText,
        wildcard: fc.constantFrom('*', '+', '%', ';', '\\', '=', 'é', '\u{1f600}'),
      }),
      ranges(['numRange', 'numNRange'], anyNumber, (a, b) => a < b),
      ranges(['strRange', 'strNRange'], ascii, (a, b) => a < b),
    ),
  ) as fc.Arbitrary<SearchOperator>;

  it('come back as they were', () => {
    const operators = fc.uniqueArray(operator, { minLength: 1, maxLength: 8, selector: ({ name }) => name });
    fc.assert(
      fc.property(operators, fc.option(anyText, { nil: undefined }), (all, registry) => {
        const uri = encodeSearchUri(all, registry);
        expect(decodeSearchUri(uri)).toEqual(
          registry === undefined ? { operators: all } : { operators: all, registry },
        );
      }),
    );
  });

  it.each<[string, SearchOperator[]]>([
    ['wildcards in names', [{ kind: 'strEq', name: '*LOC', nameWildcard: '*', value: 'x' }]],
    ['regular expressions', [{ kind: 'strRegEx', name: 'A', expression: 'x' }]],
    ['not one character', [{ kind: 'strMask', name: 'A', mask: 'x', wildcard: '**' }]],
    ['is empty', [{ kind: 'numRange', name: 'A', range: range(2, true, 1, true) }]],
    ['is empty', [{ kind: 'numNRange', name: 'A', range: range(2, true, 2, true) }]],
    ['no finite', [{ kind: 'numEq', name: 'A', value: Number.NaN }]],
    ['goes by KEY', [{ kind: 'strEq', name: 'KEY', value: 'x' }]],
    ['names a thing', [{ kind: 'strEq', name: 'JID', value: 'x' }]],
    ['compares nothing', []],
    [
      'one range',
      [
        { kind: 'numGt', name: 'A', value: 3 },
        { kind: 'numLt', name: 'A', value: 2 },
      ],
    ],
  ])('cannot be written with %s', (text, operators) => {
    expect(refusal(() => encodeSearchUri(operators))).toContain(text);
  });

  it('are refused with a text, whatever they hold, and never fail otherwise', () => {
    const prefix = fc.constantFrom('', 'iotdisco:', 'iotdisco:A>1;', 'iotdisco:#A<', 'iotdisco:SN~');
    fc.assert(
      fc.property(prefix, fc.string(), (start, rest) => {
        try {
          decodeSearchUri(start + rest);
        } catch (error) {
          expect((error as HubError).code).toBe('bad-request');
        }
      }),
    );
  });
});
