import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How a program ended. */
export interface ProgramEnd {
  /** Its exit code; `undefined` where a signal ended it or it could not be started. */
  readonly code: number | undefined;
  /** There is no such program on this machine. */
  readonly isMissing: boolean;
}

/** Another program that runs for the hub. */
export interface Program {
  /** Resolves once it has ended and all it wrote was told. Never rejects. */
  readonly ended: Promise<ProgramEnd>;
  /** Asks it to end, and kills it where it does not within two seconds. Resolves once it has ended. */
  stop(): Promise<void>;
}

/** Other programs of the machine. */
export interface Processes {
  /**
   * Starts a program, with English messages and nothing on its standard input. `line` is told each line of its output
   * and of its complaints; lines longer than 64 kB are left out. The program ends with the hub, however that ends,
   * where the machine can see to it (setpriv(1)).
   */
  start(command: string, args: readonly string[], line: (text: string) => void): Program;
}

/** Longest line that is told, in characters. */
const LONGEST_LINE = 65_536;

/** Milliseconds in which a program may end by itself. */
const PATIENCE = 2000;

/** What setpriv and shells exit with where there is no such program. */
const NOT_FOUND = 127;

/** The machine's programs. */
export class SystemProcesses implements Processes {
  start(command: string, args: readonly string[], line: (text: string) => void): Program {
    return new RunningProgram(command, args, line);
  }
}

class RunningProgram implements Program {
  readonly ended: Promise<ProgramEnd>;
  private child: ChildProcess | undefined;
  private isStopping = false;

  constructor(command: string, args: readonly string[], line: (text: string) => void) {
    this.ended = this.run('setpriv', ['--pdeathsig', 'TERM', '--', command, ...args], line).then((end) =>
      end.isMissing && !this.isStopping ? this.run(command, args, line) : end,
    );
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.child?.kill('SIGTERM');
    const killer = setTimeout(() => this.child?.kill('SIGKILL'), PATIENCE);
    await this.ended;
    clearTimeout(killer);
  }

  private run(command: string, args: readonly string[], line: (text: string) => void): Promise<ProgramEnd> {
    const env = { ...process.env, LC_ALL: 'C', LANGUAGE: '' };
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (text) => {
        if (text.length <= LONGEST_LINE) line(text);
      });
    }
    return new Promise((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        resolve({ code: undefined, isMissing: error.code === 'ENOENT' });
      });
      child.once('close', (code) => {
        resolve({ code: code ?? undefined, isMissing: code === NOT_FOUND });
      });
    });
  }
}
