import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { seenBy, until } from '../../lan/avahi-view.js';
import type { Host } from '../../lan/lab.js';
import type { LabProcess } from '../../lan/lab-process.js';

const run = promisify(execFile);
const SOURCE = fileURLToPath(new URL('./peer.c', import.meta.url));

/** The headless client, compiled into a folder of its own. */
export interface CompiledPeer {
  readonly folder: string;
  readonly program: string;
  remove(): Promise<void>;
}

/** What this machine lacks to compile against libpurple, as a sentence; `undefined` if nothing. */
export function missingLibpurple(): Promise<string | undefined> {
  return run('sh', ['-c', 'command -v gcc && pkg-config --exists purple']).then(
    () => undefined,
    () => 'gcc, pkg-config and libpurple-dev are not installed',
  );
}

/** Compiles the client against the libpurple of this machine. */
export async function compilePeer(): Promise<CompiledPeer> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-libpurple-'));
  const program = join(folder, 'peer');
  const { stdout } = await run('pkg-config', ['--cflags', '--libs', 'purple']);
  await run('gcc', ['-std=gnu11', '-Wall', '-o', program, SOURCE, ...stdout.trim().split(/\s+/)]);
  return { folder, program, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A person at an ordinary link-local messenger. */
export class Messenger {
  /** His name on the link, `user@machine`. */
  readonly name: string;
  readonly process: LabProcess;
  readonly #host: Host;

  private constructor(host: Host, name: string, process: LabProcess) {
    this.#host = host;
    this.name = name;
    this.process = process;
  }

  /** Signs on at a machine on which avahi runs; resolves once libpurple says that it is online. */
  static async signOn(host: Host, peer: CompiledPeer, name: string, port = 5298): Promise<Messenger> {
    const home = join(peer.folder, name);
    const process = host.spawn(peer.program, [home, String(port), name], {
      keepInput: true,
      env: { HOME: home },
    });
    await process.next(/^online$/m);
    return new Messenger(host, name, process);
  }

  /**
   * Resolves with somebody's status and status text once he is in the list, and known by IPv4 and IPv6: libpurple
   * dials by IPv6 if it can, and hangs up on whoever comes from an address that it does not know yet.
   */
  async sees(name: string): Promise<string> {
    const [, status = ''] = await this.process.waitFor(new RegExp(`^buddy\\+ ${name} (.*)$`, 'm'));
    await until(async () => {
      const seen = await seenBy(this.#host, '_presence._tcp');
      const families = seen.filter(({ instance }) => instance === name).map(({ protocol }) => protocol);
      return families.includes('IPv4') && families.includes('IPv6');
    });
    return status;
  }

  send(name: string, text: string): void {
    this.process.write(`send ${name} ${text}`);
  }

  /** Resolves with the next message of somebody. */
  async hears(name: string, timeLimit?: number): Promise<string> {
    const [, text = ''] = await this.process.next(new RegExp(`^message ${name} (.*)$`, 'm'), timeLimit);
    return text.replaceAll('\\n', '\n');
  }

  /** Closes the window of the conversation with somebody. */
  async close(name: string): Promise<void> {
    this.process.write(`close ${name}`);
    await this.process.next(new RegExp(`^closed ${name}$`, 'm'));
  }

  setStatus(status: 'available' | 'away'): void {
    this.process.write(`status ${status}`);
  }

  async quit(): Promise<void> {
    this.process.write('quit');
    await this.process.ended;
  }
}
