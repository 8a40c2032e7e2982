import { type ChildProcess, fork } from 'node:child_process';
import type { Lab, Running } from '../lab.js';
import type { JobResult, Jobs } from './jobs.js';

/** The load generator, in its own process. */
export class Generator implements Running {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<
    number,
    { resolve: (answer: unknown) => void; reject: (e: Error) => void }
  >();
  private last = 0;

  constructor(program: string) {
    this.child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child.on('message', (result: JobResult) => this.settle(result));
    this.child.on('exit', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('The load generator ended.'));
    });
  }

  /** Has a job done. */
  run<Name extends keyof Jobs>(name: Name, request: Jobs[Name]['request']): Promise<Jobs[Name]['answer']> {
    const number = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve: resolve as (answer: unknown) => void, reject });
      this.child.send({ number, name, request });
    });
  }

  /** Ends the generator and with it all its connections. */
  async stop(): Promise<void> {
    if (!this.child.connected) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    await ended;
  }

  private settle(result: JobResult): void {
    const job = this.waiting.get(result.number);
    this.waiting.delete(result.number);
    if ('error' in result) job?.reject(new Error(result.error));
    else job?.resolve(result.answer);
  }
}

/** Starts a generator that `lab` ends. */
export function startGenerator(lab: Lab): Generator {
  return lab.keep(new Generator(lab.program('generator')));
}
