import { printable } from '../system/printable.js';

/** Who reads it: columns stand below each other only where all characters are of one width. */
interface Reader {
  readonly proportional?: true;
}

/**
 * Rows of cells as aligned lines, two spaces between columns; parted by dots for a proportional font. Foreign text is
 * made safe for a terminal.
 */
export function columns(rows: readonly (readonly string[])[], { proportional }: Reader = {}): string[] {
  const safe = rows.map((row) => row.map(printable));
  if (proportional) return safe.map((row) => row.filter((cell) => cell.trim() !== '').join(' · '));
  const widths: number[] = [];
  for (const row of safe) {
    row.forEach((cell, place) => {
      if (place < row.length - 1) widths[place] = Math.max(widths[place] ?? 0, width(cell));
    });
  }
  return safe.map((row) =>
    row
      .map((cell, place) => cell + pad(widths[place], cell))
      .join('  ')
      .trimEnd(),
  );
}

/** A table with a head in capitals, as the text to write; without it where it stands above nothing. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  reader: Reader = {},
): string {
  return `${columns(reader.proportional ? rows : [head, ...rows], reader).join('\n')}\n`;
}

/** Facts, one a line, their names aligned. */
export function facts(
  rows: readonly (readonly [name: string, value: string])[],
  { proportional }: Reader = {},
): string {
  const lines = proportional ? rows.map((row) => row.map(printable).join(': ')) : columns(rows);
  return `${lines.join('\n')}\n`;
}

function pad(wanted: number | undefined, cell: string): string {
  return ' '.repeat(Math.max(0, (wanted ?? 0) - width(cell)));
}

/** Cells that a text takes: marks that combine take none, East Asian wide ones and pictures two. */
function width(text: string): number {
  let cells = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    cells +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return cells;
}
