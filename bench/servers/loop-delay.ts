import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, pause } from '../lab.js';

/** How long a process may take to answer, in milliseconds. */
const PATIENCE = 10_000;

/** Watches the event loop of a process from inside it. */
export class LoopDelay {
  /** What the process needs in its environment. */
  readonly env: NodeJS.ProcessEnv;
  private readonly file: string;

  private constructor(file: string, program: string) {
    this.file = file;
    this.env = { LOOP_DELAY_FILE: file, NODE_OPTIONS: `--import=${program}` };
  }

  /** Makes ready for one process. */
  static async prepare(lab: Lab): Promise<LoopDelay> {
    return new LoopDelay(join(await lab.folder('loop'), 'delay'), lab.program('loop-delay'));
  }

  /** The 99th percentile of its delay since the last call, in milliseconds. */
  async take(pid: number): Promise<number> {
    await rm(this.file, { force: true });
    process.kill(pid, 'SIGUSR2');
    for (const end = performance.now() + PATIENCE; performance.now() < end; await pause(5)) {
      const text = await readFile(this.file, 'utf8').catch(() => undefined);
      if (text !== undefined) return Number(text);
    }
    throw new Error('The process does not tell the delay of its event loop.');
  }
}
