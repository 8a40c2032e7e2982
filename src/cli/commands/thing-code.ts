import { promises } from 'node:fs';
import type { CodeReport } from '../../domain/admin.js';
import { printable } from '../../system/printable.js';
import { exitCode } from '../exit-code.js';
import { hubClient, RefusedError } from '../hub-client.js';
import type { Invocation } from '../invocation.js';
import { fitsQr, qrCode, qrPng, qrSvg } from '../qr.js';
import type { Shell } from '../shell.js';
import { UsageError } from '../usage-error.js';

const FORMS = ['qr', 'png', 'svg'] as const;

/** Whether the thing's code is asked for, and not the thing. */
export function asksForCode(invocation: Invocation): boolean {
  return FORMS.some((form) => invocation.flag(form));
}

/** `hearth things show ADDRESS` with `--qr`, `--png FILE` or `--svg FILE` */
export async function showCode(invocation: Invocation, shell: Shell): Promise<number> {
  const [form, ...others] = FORMS.filter((name) => invocation.flag(name));
  if (form === undefined || others.length > 0) throw wrong('Give one of --qr, --png and --svg.');
  const file = form === 'qr' ? '-' : (invocation.value(form) ?? '-');
  const json = invocation.flag('json');
  if (json && form !== 'qr' && file === '-') throw wrong(`--json and --${form} - both want standard output.`);
  const address = invocation.required(0);
  const report = await (await hubClient(invocation, shell)).ask('claim-code', { address });
  if (json && form === 'qr') {
    shell.print(`${JSON.stringify(report)}\n`);
    return exitCode.ok;
  }
  const drawn = await draw(form, report.code, shell);
  if (file === '-') shell.print(drawn);
  else await write(file, drawn, form);
  const where = file === '-' ? '' : `${file}: `;
  if (json) shell.print(`${JSON.stringify(report)}\n`);
  else shell.complain(printable(`${where}${meaning(report, address)}`));
  return exitCode.ok;
}

function draw(form: (typeof FORMS)[number], code: string, shell: Shell): Promise<string | Uint8Array> {
  if (!fitsQr(code)) {
    const text = `Its code has ${Buffer.byteLength(code)} bytes, more than a QR code holds. Copy its text: --qr --json`;
    throw new RefusedError('limit-reached', text);
  }
  if (form === 'png') return qrPng(code);
  if (form === 'svg') return qrSvg(code);
  // A code is not cut as other foreign text is: it is copied whole or good for nothing.
  const text = /^[ -~]*$/.test(code) ? code : printable(code);
  return qrCode(code, shell.interactive).then((qr) => `${qr}\n${text}\n`);
}

/** A new file is readable by its user alone: it may be all that it takes to own a thing. */
async function write(file: string, content: string | Uint8Array, form: string): Promise<void> {
  try {
    await promises.writeFile(file, content, { mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EISDIR') throw cause;
    throw wrong(
      `--${form} ${file}: ${code === 'EISDIR' ? 'that is a folder' : 'there is no such folder'}.`,
      cause,
    );
  }
}

/** Which of the two the code is, and what it is good for. */
function meaning({ kind }: CodeReport, address: string): string {
  return kind === 'claim'
    ? `The claim code of ${address}. Whoever has it can become its owner: keep it secret.`
    : `The address of ${address}, which is claimed. It claims nothing: its owner decides who may do what.`;
}

function wrong(text: string, cause?: unknown): UsageError {
  return new UsageError(text, 'things show', { cause });
}
