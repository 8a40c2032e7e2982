import { printable } from '../system/printable.js';

/** Rows of cells as aligned lines, two spaces between columns; foreign text is made safe for a terminal. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const safe = rows.map((row) => row.map(printable));
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

/** A table with a head in capitals, as the text to write. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${columns([head, ...rows]).join('\n')}\n`;
}

/** Facts, one a line, their names aligned. */
export function facts(rows: readonly (readonly [name: string, value: string])[]): string {
  return `${columns(rows).join('\n')}\n`;
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
