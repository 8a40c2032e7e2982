import { SystemClock } from '../../src/system/clock.js';
import type { Element } from '../../src/xmpp/element.js';
import { fits, show, stanza } from './pattern.js';

/** How long an actor waits for what the story says it receives, in milliseconds of real time. */
const PATIENCE = 8000;

/** What an actor heard and no line of its story took yet. */
export class Hearing {
  private readonly name: string;
  private received: Element[] = [];
  private arrived: () => void = () => undefined;

  /** `name` is for messages about what never came. */
  constructor(name: string) {
    this.name = name;
  }

  /** A stanza came. */
  hear(element: Element): void {
    this.received.push(element);
    this.arrived();
  }

  /** Forgets all that came. */
  clear(): void {
    this.received = [];
  }

  /** What came and nothing took. */
  get unread(): readonly Element[] {
    return this.received;
  }

  /** Waits for a stanza that fits the pattern, and takes it. Rejects with all that came instead. */
  async take(pattern: string): Promise<Element> {
    const wanted = stanza(pattern);
    const deadline = new SystemClock().monotonic() + PATIENCE;
    for (;;) {
      const at = this.received.findIndex((element) => fits(element, wanted));
      const found = this.received[at];
      if (found !== undefined) {
        this.received.splice(at, 1);
        return found;
      }
      await this.next(deadline - new SystemClock().monotonic(), pattern);
    }
  }

  private next(patience: number, pattern: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = new SystemClock().after(
        patience,
        () => {
          const instead = this.received.map(show).join('\n  ');
          reject(new Error(`${this.name} did not receive\n  ${pattern.trim()}\nbut\n  ${instead}`));
        },
        'actor',
      );
      this.arrived = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}
