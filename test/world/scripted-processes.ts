import type { Processes, Program, ProgramEnd } from '../../src/system/processes.js';

/** A program that a test plays. */
export class ScriptedProgram implements Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly ended: Promise<ProgramEnd>;
  isRunning = true;
  private readonly tell: (text: string) => void;
  private settle: (end: ProgramEnd) => void = () => undefined;

  constructor(command: string, args: readonly string[], tell: (text: string) => void) {
    this.command = command;
    this.args = args;
    this.tell = tell;
    this.ended = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  /** Writes these lines. */
  say(...lines: readonly string[]): void {
    for (const line of lines) this.tell(line);
  }

  /** Ends by itself. */
  end(code = 1): void {
    this.finish({ code, isMissing: false });
  }

  async stop(): Promise<void> {
    this.finish({ code: undefined, isMissing: false });
  }

  private finish(end: ProgramEnd): void {
    this.isRunning = false;
    this.settle(end);
  }
}

/** A machine whose programs a test plays. */
export class ScriptedProcesses implements Processes {
  readonly programs: ScriptedProgram[] = [];

  /** The programs that run. */
  get running(): ScriptedProgram[] {
    return this.programs.filter(({ isRunning }) => isRunning);
  }

  start(command: string, args: readonly string[], line: (text: string) => void): Program {
    const program = new ScriptedProgram(command, args, line);
    this.programs.push(program);
    return program;
  }
}
