import { toString as draw } from 'qrcode';

/** A text as a QR code of half blocks: dark on light whatever a terminal's colours are, or without any colours. */
export function qrCode(text: string, colours: boolean): Promise<string> {
  return draw(text, { type: colours ? 'terminal' : 'utf8', small: colours, errorCorrectionLevel: 'M' });
}
