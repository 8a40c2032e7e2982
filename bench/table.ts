import { type Figure, ratioOf, reaches } from './figure.js';

const HEADINGS = ['bench', 'figure', 'hub', 'beside', '', 'ratio', 'bar', ''];

/** Columns of numbers, which end at the same place. */
const RIGHT = new Set([2, 3, 5]);

/** The figures as one aligned table, a line each. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = [HEADINGS, ...figures.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return RIGHT.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

function cells(figure: Figure): string[] {
  const { bench, what, hub, beside, unit, yardstick, bar } = figure;
  const sign = bar?.kind === 'at-most' ? '<=' : '>=';
  return [
    bench,
    what,
    `${plain(hub)} ${unit}`,
    `${plain(beside)} ${unit}`,
    yardstick,
    ratioOf(figure).toFixed(2),
    bar === undefined ? '' : `${sign} ${bar.ratio.toFixed(2)}`,
    verdict(figure),
  ];
}

function verdict(figure: Figure): string {
  const reached = reaches(figure);
  if (reached === undefined) return 'told only';
  return reached ? 'pass' : 'FALLS SHORT';
}

/** Three digits are as many as a shared machine's figures are good for. */
function plain(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
