import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** How long a program may take to end by itself, in milliseconds. */
const PATIENCE = 6000;

/** Characters of standard error that are kept to explain a failure. */
const KEPT = 4000;

/** A program under test, in its own process. */
export class Child {
  private readonly process: ChildProcess;
  private readonly name: string;
  private readonly ended: Promise<number | string>;
  private readonly lines: AsyncIterator<string>;
  private said = '';
  private stopping: Promise<void> | undefined;

  /** Starts it. Standard output is read by `line`, standard error kept for complaints. */
  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.name = `${command} ${args[0] ?? ''}`;
    this.process = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-KEPT);
    });
    const output = this.process.stdout;
    if (output === null) throw new Error('The program has no standard output.');
    this.lines = createInterface({ input: output })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => {
      this.process.once('error', (error) => resolve(error.message));
      this.process.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
  }

  /** The id of its process. */
  get pid(): number {
    const { pid } = this.process;
    if (pid === undefined) throw new Error(`${this.name} could not be started.`);
    return pid;
  }

  /** The next line of its standard output. Rejects if it ends first. */
  async line(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name} ended with ${await this.ended}:\n${this.said}`);
    return value;
  }

  /** Rejects once the program ended by itself. */
  async lives<T>(work: Promise<T>): Promise<T> {
    const death = this.ended.then((how) => {
      throw new Error(`${this.name} ended with ${how}:\n${this.said}`);
    });
    return Promise.race([work, death]);
  }

  /** Ends it: asks, then kills. */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    if (this.process.pid === undefined || this.process.exitCode !== null) return;
    this.process.kill('SIGTERM');
    const killer = setTimeout(() => this.process.kill('SIGKILL'), PATIENCE);
    await this.ended;
    clearTimeout(killer);
  }
}

/** Resident memory of a process, in kilobytes. */
export function residentMemory(pid: number): number {
  return memoryOf(pid, 'VmRSS');
}

/** The part of it that is no file's, in kilobytes: what cannot be given back. */
export function anonymousMemory(pid: number): number {
  return memoryOf(pid, 'RssAnon');
}

function memoryOf(pid: number, field: 'VmRSS' | 'RssAnon'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  if (kilobytes === undefined) throw new Error(`Process ${pid} tells no ${field}.`);
  return Number(kilobytes);
}

/** Clock ticks a second in /proc, on every Linux that Node runs on. */
const TICKS = 100;

/** CPU time that a process used, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
