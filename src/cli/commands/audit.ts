import type { AuditReport } from '../../domain/admin.js';
import { columns } from '../columns.js';
import type { Run } from '../command.js';
import { exitCode } from '../exit-code.js';
import { shortenFingerprints } from '../fingerprint.js';
import { type HubClient, hubClient, socketClient } from '../hub-client.js';
import type { Invocation } from '../invocation.js';
import { readableTime } from '../readable-time.js';
import { wholeOption } from '../request-parts.js';
import type { Shell } from '../shell.js';

/** Widths of the first columns while lines come one by one. */
const FOLLOWED = [14, 18, 24] as const;

/** `hearth audit [--follow]` */
export const run: Run = async (invocation, shell) => {
  if (invocation.flag('follow')) return follow(await socketClient(invocation, shell), invocation, shell);
  const hub = await hubClient(invocation, shell);
  const answer = await hub.ask('audit', { limit: wholeOption(invocation, 'limit', 100) });
  if (invocation.flag('json')) shell.print(`${JSON.stringify(answer)}\n`);
  else if (answer.entries.length === 0) shell.print('Nothing happened yet.\n');
  else
    shell.print(
      `${columns(
        answer.entries.map((entry) => cells(entry, shell)),
        shell,
      ).join('\n')}\n`,
    );
  return exitCode.ok;
};

async function follow(hub: HubClient, invocation: Invocation, shell: Shell): Promise<number> {
  const stop = new AbortController();
  void shell.stopped().then(() => stop.abort());
  for await (const entry of hub.followAudit(wholeOption(invocation, 'limit', 10), stop.signal)) {
    if (invocation.flag('json')) shell.print(`${JSON.stringify(entry)}\n`);
    else {
      const padded = cells(entry, shell).map((cell, place) => cell.padEnd(FOLLOWED[place] ?? 0));
      shell.print(`${columns([padded]).join('\n')}\n`);
    }
  }
  return exitCode.ok;
}

function cells(entry: AuditReport, shell: Shell): string[] {
  const about = [entry.thing, entry.about].filter((part) => part !== undefined && part !== entry.by);
  const times = entry.times === undefined ? '' : ` (${entry.times} more times)`;
  const rest = shortenFingerprints([...about, entry.outcome + times].join(': '));
  return [readableTime(entry.at, shell.now()), entry.what, entry.by, rest];
}
