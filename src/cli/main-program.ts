import { ConfigError } from '../config/config-error.js';
import { version } from '../system/version.js';
import { exitCode, startFailureCode } from './exit-code.js';
import { helpFor } from './help.js';
import { NotRunningError, RefusedError } from './hub-client.js';
import { parse } from './parse.js';
import type { Shell } from './shell.js';
import { tableOfCommands } from './table-of-commands.js';
import { UsageError } from './usage-error.js';

/** Runs `hearth` with these arguments; resolves with the exit code. Never rejects. */
export async function main(args: readonly string[], shell: Shell): Promise<number> {
  try {
    const parsed = parse(args, tableOfCommands);
    if (parsed.kind === 'help') shell.print(helpFor(parsed.words, tableOfCommands));
    else if (parsed.kind === 'version') shell.print(`${version}\n`);
    else return await (await parsed.command.load())(parsed.invocation, shell);
    return exitCode.ok;
  } catch (error) {
    return fail(error, args.includes('--json'), shell);
  }
}

function fail(error: unknown, json: boolean, shell: Shell): number {
  const { code, exit } = kindOf(error);
  const text = error instanceof Error ? error.message : String(error);
  if (json) shell.print(`${JSON.stringify({ error: { code, text } })}\n`);
  for (const line of text.split('\n')) shell.complain(`hearth: ${line}`);
  if (error instanceof UsageError && error.command !== '')
    shell.complain(`See: hearth ${error.command} --help`);
  if (exit === exitCode.software && error instanceof Error) shell.complain(error.stack ?? '');
  return exit;
}

function kindOf(error: unknown): { readonly code: string; readonly exit: number } {
  if (error instanceof UsageError) return { code: 'usage', exit: exitCode.usage };
  if (error instanceof RefusedError) return { code: error.code, exit: exitCode.refused };
  if (error instanceof NotRunningError) return { code: 'not-running', exit: exitCode.notRunning };
  if (error instanceof ConfigError) return { code: 'configuration', exit: exitCode.configuration };
  return { code: 'internal-server-error', exit: startFailureCode(error) };
}
