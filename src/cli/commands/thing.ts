import { join } from 'node:path';
import { type Generation, generations } from '../../domain/generation.js';
import { jsonLine } from '../../system/log-line.js';
import { LogWriter } from '../../system/log-writer.js';
import { systemMachine } from '../../system/machine.js';
import { systemWorld } from '../../system/world.js';
import { simulatedKinds } from '../../thing/simulated/kinds.js';
import type { Run } from '../command.js';
import { exitCode } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import { ThingReporter } from '../thing-reporter.js';
import { UsageError } from '../usage-error.js';

/** `hearth thing KIND` */
export const run: Run = async (invocation, shell) => {
  const kind = invocation.required(0);
  const make = simulatedKinds.get(kind);
  if (make === undefined) throw new UsageError(`"${kind}" is no kind of thing.`, 'thing');
  const machine = systemMachine(shell.env);
  const linkLocal = invocation.flag('link-local');
  const name = linkLocal ? `${kind}-link-local` : kind;
  const folder = invocation.value('state') ?? join(machine.thingsFolder, name);
  const server = serverOf(invocation);
  if (linkLocal && server !== undefined)
    throw new UsageError('A thing has a server or goes without: --server or --link-local.', 'thing');
  const generation = generationOf(invocation);
  const selfOwned = invocation.flag('self-owned');
  // What happens to the thing is told as events; its log would say the same again.
  const log = new LogWriter({
    level: 'error',
    format: jsonLine,
    write: (text) => shell.complain(text.trimEnd()),
    clock: shell,
  });
  const options = {
    folder,
    ...(server && { server }),
    ...(generation && { generation }),
    ...(selfOwned && { selfOwned }),
    ...(linkLocal && { linkLocal }),
    ...(invocation.flag('dhcp-inform') && { dhcp: 'inform' as const }),
  };
  const thing = make(options, systemWorld(log));
  const reporter = new ThingReporter(
    thing,
    { kind, selfOwned, linkLocal, json: invocation.flag('json') },
    shell,
  );
  reporter.listen();
  const stopped = shell.stopped();
  const started = thing.start().then(() => reporter.introduce());
  await Promise.race([started, stopped]);
  await stopped;
  await thing.stop();
  return exitCode.ok;
};

function serverOf(invocation: Invocation): { readonly host: string; readonly port: number } | undefined {
  const text = invocation.value('server');
  if (text === undefined) return undefined;
  const [, host = '', port = ''] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (host === '' || Number(port) < 1 || Number(port) > 65_535) {
    throw new UsageError(`--server is HOST:PORT, not "${text}".`, 'thing');
  }
  return { host, port: Number(port) };
}

function generationOf(invocation: Invocation): Generation | undefined {
  return generations.find((generation) => generation === invocation.value('generation'));
}
