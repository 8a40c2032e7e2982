/**
 * A search operator of XEP-0347 table 2, or one of its successors' additions: a regular expression, which fits a value
 * as a whole, and a wildcard in the name. Names are in upper case; wildcards are one character or more.
 */
export type SearchOperator = NamedTags & (TextOperator | NumberOperator);

/** Which tags an operator looks at: it holds where it holds for one of them. */
export interface NamedTags {
  readonly name: string;
  /** Stands for any text in `name`; absent where the name is meant as it is. In upper case. */
  readonly nameWildcard?: string;
}

type TextOperator =
  | { readonly kind: 'strEq' | 'strNEq' | 'strGt' | 'strGtEq' | 'strLt' | 'strLtEq'; readonly value: string }
  | { readonly kind: 'strRange' | 'strNRange'; readonly range: Range<string> }
  | { readonly kind: 'strMask'; readonly mask: string; readonly wildcard: string }
  | { readonly kind: 'strRegEx'; readonly expression: string };

type NumberOperator =
  | { readonly kind: 'numEq' | 'numNEq' | 'numGt' | 'numGtEq' | 'numLt' | 'numLtEq'; readonly value: number }
  | { readonly kind: 'numRange' | 'numNRange'; readonly range: Range<number> };

/** Two bounds, each part of the range or not. */
export interface Range<T> {
  readonly min: T;
  readonly minIncluded: boolean;
  readonly max: T;
  readonly maxIncluded: boolean;
}

/**
 * Strings in the order of their Unicode code points: negative where `a` comes first, 0 where both are the same. UTF-16
 * units alone would put what lies beyond U+FFFF before U+E000.
 */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === shorter) return a.length - b.length;
  // The second halves of two characters differ where the first ones are the same.
  if (isHigh(a.charCodeAt(at - 1)) && (isLow(a.charCodeAt(at)) || isLow(b.charCodeAt(at)))) at--;
  return (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Whether `text` fits `mask`, in which each `wildcard` stands for any text; linear in both. */
export function matchesMask(text: string, mask: string, wildcard: string): boolean {
  return maskTest(mask, wildcard)(text);
}

/** The same for many texts: the mask is read once. */
export function maskTest(mask: string, wildcard: string): (text: string) => boolean {
  const pieces = wildcard === '' ? [mask] : mask.split(wildcard);
  const first = pieces.shift() ?? '';
  const last = pieces.pop();
  if (last === undefined) return (text) => text === first;
  const inner = pieces.filter((piece) => piece !== '');
  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !standsAt(text, first, 0) || !standsAt(text, last, end)) return false;
    let at = first.length;
    for (const piece of inner) {
      const found = text.indexOf(piece, at);
      if (found < 0 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}

/** Whether a piece stands at a place of a text in which there is room for it. Most texts differ in the first unit. */
function standsAt(text: string, piece: string, place: number): boolean {
  for (let i = 0; i < piece.length; i++) if (text.charCodeAt(place + i) !== piece.charCodeAt(i)) return false;
  return true;
}
