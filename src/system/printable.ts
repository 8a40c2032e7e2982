/** Longest piece of foreign text in one line for people. */
const LONGEST = 2000;

/**
 * Text from anywhere made safe for a terminal and for one line: control characters, line breaks and marks that turn
 * the direction of writing become their code (`\u{1b}`), and what is longer than 2000 characters is cut.
 */
export function printable(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return cut.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
