import { inflateSync } from 'node:zlib';
import jsqr from 'jsqr';

/** An image of dark and light dots. */
interface Dots {
  readonly width: number;
  readonly height: number;
  readonly dark: (x: number, y: number) => boolean;
}

/** What a QR code says, as another program reads it; `undefined` where there is none. */
function read({ width, height, dark }: Dots, scale = 4): string | undefined {
  const data = new Uint8ClampedArray(width * height * scale * scale * 4).fill(255);
  for (let y = 0; y < height * scale; y++)
    for (let x = 0; x < width * scale; x++) {
      const at = (y * width * scale + x) * 4;
      if (dark(Math.floor(x / scale), Math.floor(y / scale))) data.fill(0, at, at + 3);
    }
  return jsqr.default(data, width * scale, height * scale)?.data;
}

/** Reads a QR code drawn with half blocks, dark where there is ink. */
export function readBlocks(text: string): string | undefined {
  const lines = text.split('\n');
  const width = Math.max(...lines.map((line) => line.length));
  const ink = (x: number, y: number) => {
    const block = lines[Math.floor(y / 2)]?.[x] ?? ' ';
    return block === '█' || block === (y % 2 === 0 ? '▀' : '▄');
  };
  return read({ width, height: lines.length * 2, dark: ink });
}

/** Reads a QR code from an SVG image of horizontal strokes. */
export function readSvg(svg: string): string | undefined {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const ink = new Set<string>();
  let [x, y] = [0, 0];
  for (const [, command, a, b] of (/ d="(M[^"]*)"\/><\/svg>/.exec(svg)?.[1] ?? '').matchAll(
    /([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?/g,
  )) {
    if (command === 'M') [x, y] = [Number(a), Number(b)];
    else if (command === 'm') [x, y] = [x + Number(a), y + Number(b)];
    else for (const end = x + Number(a); x < end; x++) ink.add(`${x} ${Math.floor(y)}`);
  }
  return read({ width: size, height: size, dark: (column, row) => ink.has(`${column} ${row}`) });
}

/** Reads a QR code from a PNG image of eight bits a channel (W3C PNG §9). */
export function readPng(png: Buffer): string | undefined {
  if (png.toString('latin1', 1, 4) !== 'PNG') return undefined;
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[Number(png[25])] ?? 0;
  const packed: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      packed.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const rows = unfilter(inflateSync(Buffer.concat(packed)), width * channels, channels);
  return read({ width, height, dark: (x, y) => (rows[y]?.[x * channels] ?? 255) < 128 }, 1);
}

function unfilter(data: Buffer, length: number, channels: number): Uint8Array[] {
  const rows: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += length + 1) {
    const row = new Uint8Array(data.subarray(at + 1, at + 1 + length));
    const above = rows.at(-1) ?? new Uint8Array(length);
    for (let i = 0; i < length; i++)
      row[i] =
        (row[i] ?? 0) +
        predicted(Number(data[at]), row[i - channels] ?? 0, above[i] ?? 0, above[i - channels] ?? 0);
    rows.push(row);
  }
  return rows;
}

/** What a filter of this type takes for the byte, by those to the left, above, and above to the left. */
function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      return 0;
  }
}
