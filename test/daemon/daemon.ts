import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { HubClient } from '../../src/cli/hub-client.js';
import type { AdminOperation, AdminOperations, Ready } from '../../src/domain/admin.js';
import { program } from './program.js';

/** What a hub of a test never does: announce itself, or take ports that somebody else may have. */
const QUIET = ['mdns.enabled=false', 'server.listen=127.0.0.1', 'server.port=0', 'server.tlsPort=0'];

/** The environment without what configures a hub: a test's hub has the test's settings alone. */
function quietEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEARTH_')));
}

/** The real daemon as a process of its own, quiet on loopback. */
export class Daemon {
  readonly ready: Ready;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, ready: Ready) {
    this.child = child;
    this.ready = ready;
  }

  /** Starts it on a data folder; rejects with its log if it does not get ready. */
  static async start(data: string, set: readonly string[] = []): Promise<Daemon> {
    const settings = [...QUIET, ...set].flatMap((assignment) => ['--set', assignment]);
    const args = [await program(), 'run', '--data', data, ...settings];
    const child = spawn(process.execPath, args, {
      env: quietEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    for await (const line of createInterface(child.stdout)) {
      if (line.startsWith('ready ')) return new Daemon(child, JSON.parse(line.slice(6)));
    }
    throw new Error(`The hub did not get ready:\n${log}`);
  }

  /** Asks it as the machine's administrator. */
  admin<Name extends AdminOperation>(
    name: Name,
    request: AdminOperations[Name]['request'],
  ): Promise<AdminOperations[Name]['answer']> {
    return new HubClient([this.ready.control]).ask(name, request);
  }

  /** Ends it at once, whatever it is doing. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to stop; resolves with its exit code. */
  async stop(): Promise<number | null> {
    await this.end('SIGTERM');
    return this.child.exitCode;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}
