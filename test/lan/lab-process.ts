import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How a program ended and what it said. */
export interface Outcome {
  /** Exit code; `undefined` if a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program. */
export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; closed at once if not given. */
  readonly input?: string;
  /** Standard input stays open for `write`. */
  readonly keepInput?: boolean;
  readonly cwd?: string;
}

/** What only the lab itself says of a process. */
export interface LabProcessOptions extends ProcessOptions {
  /** The command enters a room and runs the program there. */
  readonly isInRoom?: boolean;
}

/** A program that runs in the lab. */
export class LabProcess {
  readonly #options: LabProcessOptions;
  readonly #child: ChildProcess;
  readonly #ended: Promise<Outcome>;
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #read = 0;
  #outcome: Outcome | undefined;

  constructor(command: string, args: readonly string[], options: LabProcessOptions = {}) {
    this.#options = options;
    const env = { ...process.env, ...options.env };
    this.#child = spawn(command, args, { env, cwd: options.cwd, stdio: 'pipe' });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#changed();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#changed();
    });
    this.#ended = new Promise((resolve) => {
      const end = (code: number | undefined): void => {
        this.#outcome = { code, stdout: this.#stdout, stderr: this.#stderr };
        resolve(this.#outcome);
        this.#changed();
      };
      this.#child.on('error', (error) => {
        this.#stderr += String(error);
        end(127);
      });
      this.#child.on('close', (code) => end(code ?? undefined));
    });
    this.#child.stdin?.on('error', () => undefined); // A program need not read what it is given.
    if (options.keepInput !== true) this.#child.stdin?.end(options.input);
  }

  /** The process's id, as the machine outside the lab counts. */
  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** What it wrote so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** What it complained so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Resolves when it has ended. */
  get ended(): Promise<Outcome> {
    return this.#ended;
  }

  /** Gives it a line on standard input, which must be open. */
  write(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /**
   * Resolves with the match once standard output or standard error fits `pattern`. Rejects with all it wrote
   * if it ends before, or after `timeLimit` milliseconds.
   */
  waitFor(pattern: RegExp, timeLimit?: number): Promise<RegExpMatchArray> {
    const find = () => this.#stdout.match(pattern) ?? this.#stderr.match(pattern) ?? undefined;
    return this.waitUntil(find, String(pattern), timeLimit);
  }

  /** As `waitFor`, of what stands on standard output after the last match that this method found. */
  async next(pattern: RegExp, timeLimit?: number): Promise<RegExpMatchArray> {
    const find = () => this.#stdout.slice(this.#read).match(pattern) ?? undefined;
    const match = await this.waitUntil(find, String(pattern), timeLimit);
    this.#read += (match.index ?? 0) + match[0].length;
    return match;
  }

  /**
   * Resolves with what `find` finds, once it does; it looks whenever the program wrote something. Rejects as `waitFor`
   * does, with `what` as the name of what was waited for.
   */
  waitUntil<T>(find: () => T | undefined, what: string, timeLimit = 10_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
      };
      const fail = (why: string): void => {
        stop();
        reject(new Error(`${why} before ${what}:\n${this.#stdout}\n${this.#stderr}`));
      };
      const look = (): void => {
        const found = find();
        if (found !== undefined) {
          stop();
          resolve(found);
        } else if (this.#outcome !== undefined) fail(`ended with ${this.#outcome.code}`);
      };
      const timer = setTimeout(() => fail(`${timeLimit} ms passed`), timeLimit);
      this.#watchers.add(look);
      look();
    });
  }

  /**
   * Sends a signal to the program, if it still runs. A program in a room is a child of the process that entered it,
   * which stops when its child does.
   */
  signal(signal: NodeJS.Signals): void {
    if (this.#outcome !== undefined) return;
    const [inner] = this.#options.isInRoom === true ? childrenOf(this.pid) : [];
    process.kill(inner ?? this.pid, signal);
    if (signal === 'SIGCONT') process.kill(this.pid, signal);
  }

  /** Sends a signal to the program and resolves when it has ended. */
  kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<Outcome> {
    this.signal(signal);
    return this.#ended;
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** The ids of a process's children. */
export function childrenOf(pid: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return list === '' ? [] : list.split(' ').map(Number);
  } catch {
    return []; // It has ended meanwhile.
  }
}
