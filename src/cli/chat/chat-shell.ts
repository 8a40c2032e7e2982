import type { Clock } from '../../system/clock.js';
import type { AskedHub, Shell } from '../shell.js';

/** What a command sees of a chat: nobody types, and what it prints is the answer. */
export class ChatShell implements Shell {
  readonly env = {};
  readonly interactive = false;
  readonly proportional = true;
  readonly hub: AskedHub;
  private readonly clock: Pick<Clock, 'now'>;
  private text = '';

  constructor(hub: AskedHub, clock: Pick<Clock, 'now'>) {
    this.hub = hub;
    this.clock = clock;
  }

  /** All that was printed. */
  get output(): string {
    return this.text;
  }

  now(): number {
    return this.clock.now();
  }

  print(output: string | Uint8Array): void {
    if (typeof output !== 'string') throw new Error('A file is no answer in a chat.');
    this.text += output;
  }

  complain(text: string): void {
    this.print(`${text}\n`);
  }

  async readLine(): Promise<string> {
    return '';
  }

  stopped(): Promise<undefined> {
    throw new Error('A command in a chat ends by itself.');
  }

  onReload(): void {}
}
