import type { Timer } from '../../system/clock.js';
import type { Program, ProgramEnd } from '../../system/processes.js';
import type { World } from '../../system/world.js';

/** The parts of the world that avahi's tools need. */
export type AvahiWorld = Pick<World, 'clock' | 'log' | 'processes'>;

/** What a tool's owner is told. */
export interface KeptEvents {
  line(text: string): void;
  /** It ended by itself, and is started again after a while. */
  ended(end: ProgramEnd): void;
}

/** Milliseconds until a tool that ended is started again: the first time, and at most. */
const BACK_OFF = { first: 1000, most: 60_000 };

/** One of avahi's tools, which runs as long as it is wanted. */
export class Kept {
  private readonly command: string;
  private readonly args: () => readonly string[];
  private readonly world: AvahiWorld;
  private readonly events: KeptEvents;
  private program: Program | undefined;
  private timer: Timer | undefined;
  private wait = BACK_OFF.first;
  private isWanted = false;
  private isRestarting = false;

  /** `args` is asked at each start. */
  constructor(command: string, args: () => readonly string[], world: AvahiWorld, events: KeptEvents) {
    this.command = command;
    this.args = args;
    this.world = world;
    this.events = events;
  }

  /** Starts it, also where it waits to be started again. */
  start(): void {
    this.isWanted = true;
    this.run();
  }

  /** It does what it should: should it end now, it is started again soon. */
  settled(): void {
    this.wait = BACK_OFF.first;
  }

  /** Ends it and starts it anew, with the arguments of now. */
  async restart(): Promise<void> {
    this.isRestarting = true;
    await this.end();
    this.isRestarting = false;
    if (this.isWanted) this.run();
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.isWanted = false;
    await this.end();
  }

  private async end(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    await this.program?.stop();
  }

  private run(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.program !== undefined) return;
    const program = this.world.processes.start(this.command, this.args(), (text) => {
      if (this.program === program) this.events.line(text);
    });
    this.program = program;
    void program.ended.then((end) => this.ended(end));
  }

  private ended(end: ProgramEnd): void {
    this.program = undefined;
    if (!this.isWanted || this.isRestarting) return;
    this.timer = this.world.clock.after(this.wait, () => this.run(), this.command);
    this.wait = Math.min(this.wait * 2, BACK_OFF.most);
    this.events.ended(end);
  }
}
