import { loadConfig } from '../../config/load.js';
import type { Config } from '../../config/schema.js';
import { createHub, type Hub } from '../../main.js';
import type { Clock } from '../../system/clock.js';
import { SystemFiles } from '../../system/files.js';
import { HeapKeeper } from '../../system/heap.js';
import type { LogWriter } from '../../system/log-writer.js';
import { standardErrorLog } from '../../system/log-writer.js';
import { systemMachine } from '../../system/machine.js';
import { type Notifier, systemdNotifier } from '../../system/sd-notify.js';
import { systemWorld } from '../../system/world.js';
import { HubConversation } from '../chat/hub-conversation.js';
import type { Run } from '../command.js';
import { exitCode, startFailureCode } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import type { Shell } from '../shell.js';
import { welcome } from '../welcome.js';

/** How long a hub may take to stop, in milliseconds; after that the process ends anyway. */
const STOP_LIMIT = 4500;

/** `hearth run` */
export const run: Run = async (invocation, shell) => {
  const end = ending(shell);
  const config = await configure(invocation, shell);
  const log = standardErrorLog(config.log.level, shell.env, shell);
  const world = systemWorld(log);
  const notifier = systemdNotifier(shell.env, log);
  const hub = createHub(config, world, {
    onProgress: (percent) => extend(notifier, percent),
    conversation: (perform) => new HubConversation(perform, world.clock),
  });
  const heap = new HeapKeeper(world.clock);
  heap.start();
  const read = () => configure(invocation, shell);
  shell.onReload(() => void reload(hub, config, read, { log, notifier }));
  const starting = hub.start();
  try {
    const first = await Promise.race([starting, end]);
    if ('domain' in first) {
      shell.print(`ready ${JSON.stringify(first)}\n`);
      if (shell.interactive) shell.print(welcome(first, shell.program));
      notifier.notify('READY=1', `STATUS=Serving ${first.domain}`);
    }
  } catch (error) {
    log.error(error instanceof Error ? error.message : String(error));
    heap.stop();
    await stop(hub, world.clock, log);
    return startFailureCode(error);
  }
  const { mistake } = await end;
  heap.stop();
  if (mistake !== undefined) log.error('A mistake of the program ends the hub.', { error: stackOf(mistake) });
  notifier.notify('STOPPING=1');
  // What is half open when the end comes during the start must be open before it can be closed.
  await stop({ stop: () => Promise.allSettled([starting]).then(() => hub.stop()) }, world.clock, log);
  return mistake === undefined ? exitCode.ok : exitCode.software;
};

/** A start that goes on is not one that hangs: systemd gives it half a minute more from now (sd_notify(3)). */
function extend(notifier: Notifier, percent: number): void {
  notifier.notify('EXTEND_TIMEOUT_USEC=30000000', `STATUS=Checking the records: ${percent} %`);
}

/** Why the hub ends: somebody asked, or nothing in the program caught an error. */
interface Ending {
  readonly mistake?: Error;
}

function ending(shell: Shell): Promise<Ending> {
  const failure = new Promise<Ending>((resolve) => {
    process.once('uncaughtException', (mistake) => resolve({ mistake }));
  });
  return Promise.race([failure, shell.stopped().then(() => ({}))]);
}

function stackOf(error: Error): string {
  return error.stack ?? error.message;
}

function configure(invocation: Invocation, shell: Shell): Promise<Config> {
  const data = invocation.value('data');
  const set = [...invocation.values('set'), ...(data === undefined ? [] : [`data=${data}`])];
  const sources = { file: invocation.value('config'), env: shell.env, set };
  return loadConfig(sources, systemMachine(shell.env), new SystemFiles());
}

/** A wrong configuration changes nothing: the hub goes on with the one it has. */
async function reload(
  hub: Hub,
  running: Config,
  read: () => Promise<Config>,
  { log, notifier }: { readonly log: LogWriter; readonly notifier: Notifier },
): Promise<void> {
  notifier.notify('RELOADING=1');
  try {
    const config = await read();
    log.setLevel(config.log.level);
    await hub.reload();
    const changed =
      JSON.stringify({ ...config, log: undefined }) !== JSON.stringify({ ...running, log: undefined });
    if (changed) log.warn('The configuration has changed; most of it takes effect at the next start.');
    else log.info('Configuration and certificates are read again.');
  } catch (error) {
    log.error('The configuration is not changed.', { error: String(error) });
  }
  notifier.notify('READY=1');
}

async function stop(hub: Pick<Hub, 'stop'>, clock: Clock, log: LogWriter): Promise<void> {
  const limit = clock.after(
    STOP_LIMIT,
    () => {
      log.error('The hub does not stop in time; it is ended.');
      process.exit(exitCode.software);
    },
    'stop limit',
  );
  await hub.stop();
  limit.cancel();
}
