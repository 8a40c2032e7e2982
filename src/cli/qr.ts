import { toString as draw, toBuffer } from 'qrcode';

/** Bytes that a QR code holds at its largest: with 15 % that may be lost, and with 7 %. */
const MEDIUM = 2331;
const LOW = 2953;

/** Whether a QR code holds the text. */
export function fitsQr(text: string): boolean {
  return Buffer.byteLength(text) <= LOW;
}

/** A text as a QR code of half blocks: dark on light whatever a terminal's colours are, or without any colours. */
export function qrCode(text: string, colours: boolean): Promise<string> {
  return draw(text, { type: colours ? 'terminal' : 'utf8', small: colours, ...correction(text) });
}

/** A text as a QR code in a PNG image, eight pixels a module. */
export function qrPng(text: string): Promise<Buffer> {
  return toBuffer(text, { type: 'png', scale: 8, ...correction(text) });
}

/** A text as a QR code in an SVG image. */
export function qrSvg(text: string): Promise<string> {
  return draw(text, { type: 'svg', ...correction(text) });
}

/** Codes are read from paper and screens at an angle, so what may be lost is as much as fits. */
function correction(text: string): { readonly errorCorrectionLevel: 'M' | 'L' } {
  return { errorCorrectionLevel: Buffer.byteLength(text) <= MEDIUM ? 'M' : 'L' };
}
