import { join } from 'node:path';
import { jsonLine } from '../../system/log-line.js';
import { LogWriter } from '../../system/log-writer.js';
import { systemMachine } from '../../system/machine.js';
import { printable } from '../../system/printable.js';
import { systemWorld } from '../../system/world.js';
import type { ThingEvents } from '../../thing/events.js';
import { simulatedKinds } from '../../thing/simulated/kinds.js';
import type { Thing } from '../../thing/thing.js';
import type { Run } from '../command.js';
import { exitCode } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import { qrCode } from '../qr.js';
import type { Shell } from '../shell.js';
import { UsageError } from '../usage-error.js';

/** `hearth thing KIND` */
export const run: Run = async (invocation, shell) => {
  const kind = invocation.required(0);
  const make = simulatedKinds.get(kind);
  if (make === undefined) throw new UsageError(`"${kind}" is no kind of thing.`, 'thing');
  const machine = systemMachine(shell.env);
  const folder = invocation.value('state') ?? join(machine.thingsFolder, kind);
  const server = serverOf(invocation);
  // What happens to the thing is told as events; its log would say the same again.
  const log = new LogWriter({
    level: 'error',
    format: jsonLine,
    write: (text) => shell.complain(text.trimEnd()),
    clock: shell,
  });
  const thing = make({ folder, ...(server && { server }) }, systemWorld(log));
  const json = invocation.flag('json');
  tell(thing, kind, json, shell);
  const stopped = shell.stopped();
  const started = thing.start().then(() => introduce(thing, kind, json, shell));
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

/** The claim code, to be scanned or typed. */
async function introduce(thing: Thing, kind: string, json: boolean, shell: Shell): Promise<void> {
  const { jid, claimCode = '' } = thing;
  if (json) {
    shell.print(`${JSON.stringify({ event: 'ready', kind, jid, claimCode })}\n`);
    return;
  }
  const qr = await qrCode(claimCode, shell.interactive);
  shell.print(
    `${kind}: its claim code\n${qr}\nClaim it with: hearth claim '${claimCode.replaceAll("'", "'\\''")}'\n`,
  );
}

/** Errors as their texts, which JSON leaves out. */
function plain(_name: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value;
}

/** Each event as a line. */
function tell(thing: Thing, kind: string, json: boolean, shell: Shell): void {
  const on = <Name extends keyof ThingEvents>(
    name: Name,
    sentence: (event: ThingEvents[Name]) => string,
  ): void => {
    thing.on(name, (event) => {
      shell.print(
        json
          ? `${JSON.stringify({ event: name, kind, ...event }, plain)}\n`
          : `${kind}: ${printable(sentence(event))}\n`,
      );
    });
  };
  on('connected', ({ jid, hub }) => `connected to ${hub} as ${jid}`);
  on('disconnected', ({ reason }) => `disconnected: ${reason}`);
  on('trouble', ({ error, retryIn }) => `${error.message} Next try in ${Math.ceil(retryIn / 1000)} s.`);
  on('claimed', (event) => `owned by ${event.owner}${event.public ? '' : ', not to be found by others'}`);
  on('disowned', () => 'nobody owns it any more');
  on('removed', () => 'taken out of the registry');
  on('friend', ({ jid, accepted }) =>
    accepted ? `${jid} is a friend now` : `${jid} wanted to be a friend; the hub said no`,
  );
  on('unfriend', ({ jid }) => `${jid} is no friend any more`);
  on('read', ({ by, fields }) => `${by} reads ${fields.join(', ')}`);
  on('control', ({ by, parameters }) => `${by} sets ${parameters.join(', ')}`);
}
