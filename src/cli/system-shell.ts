import { fstatSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { SystemClock } from '../system/clock.js';
import type { Shell } from './shell.js';

/** How long standard input may be silent before the person is told what is awaited, in milliseconds. */
const SILENCE = 1000;

/** The shell that started this process. */
export function systemShell(): Shell {
  const clock = new SystemClock();
  // A reader such as `head` that goes early ends the output, not the program.
  process.stdout.on('error', () => undefined);
  return {
    env: process.env,
    interactive: process.stdout.isTTY === true,
    ...programOf(process.argv[1] ?? ''),
    now: () => clock.now(),
    print: (output) => void process.stdout.write(output),
    complain: (text) => void process.stderr.write(`${text}\n`),
    readLine: () => readLine(clock),
    stopped: () =>
      new Promise((resolve) => {
        process.once('SIGINT', () => resolve(undefined));
        process.once('SIGTERM', () => resolve(undefined));
      }),
    onReload: (run) => void process.on('SIGHUP', run),
  };
}

/** A link called `hearth` on the path leads here, or the file of a build does. */
function programOf(script: string): { readonly program?: string } {
  return basename(script) === 'hearth' ? {} : { program: `node ${relative('.', script)}` };
}

async function readLine(clock: SystemClock): Promise<string> {
  if (process.stdin.isTTY === true || !hasInput()) return '';
  const hint = clock.after(
    SILENCE,
    () => process.stderr.write('hearth: reading standard input (end it, or see --help)\n'),
    'input hint',
  );
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    hint.cancel();
    lines.close();
    process.stdin.destroy();
  }
}

function hasInput(): boolean {
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isFile() || input.isSocket();
  } catch {
    // A closed standard input says nothing.
    return false;
  }
}
