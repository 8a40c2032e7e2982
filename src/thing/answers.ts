import { join } from 'node:path';
import type { Timer } from '../system/clock.js';
import type { World } from '../system/world.js';
import { isListOf, isText, JsonFile } from './json-file.js';
import { isVerdict, type Verdict } from './verdict.js';

/** Most answers that are kept; the one that was used longest ago goes first. */
const MOST = 1000;

/** The largest answer that is kept, in listed nodes and names. */
const LARGEST = 500;

/** New answers are written together after so many milliseconds: flash memory wears out. */
const WRITE_AFTER = 10_000;

type Kept = readonly [question: string, answer: Verdict];

/**
 * The answers of provisioning servers, yes and no, each under its exact question, kept across restarts until a server
 * says that they changed [0324 3.5.1, 6.2]: `answers.json` in the thing's folder. Errors are no answers.
 */
export class Answers {
  private readonly file: JsonFile<readonly Kept[]>;
  private readonly world: Pick<World, 'clock' | 'log'>;
  /** In the order of their last use. */
  private answers = new Map<string, Verdict>();
  private epoch = 0;
  private timer: Timer | undefined;

  constructor(folder: string, world: Pick<World, 'files' | 'clock' | 'log'>) {
    this.file = new JsonFile(join(folder, 'answers.json'), world.files, isContent);
    this.world = world;
  }

  /** Reads what was kept. A damaged file holds nothing that a server would not say again. */
  async start(): Promise<void> {
    try {
      this.answers = new Map(await this.file.read());
    } catch (error) {
      this.world.log.warn('The kept answers are damaged; the hub is asked again.', { error: String(error) });
    }
  }

  /** The kept answer, `undefined` if the server must be asked. */
  get(question: string): Verdict | undefined {
    const answer = this.answers.get(question);
    if (answer === undefined) return undefined;
    this.answers.delete(question);
    this.answers.set(question, answer);
    return answer;
  }

  /** Counts how often the answers were cleared: an answer to an older question is not kept. */
  get age(): number {
    return this.epoch;
  }

  /** Keeps an answer to a question that was asked at `age`. */
  keep(question: string, answer: Verdict, age: number): void {
    if (age !== this.epoch || answer.nodes.length + answer.names.length > LARGEST) return;
    this.answers.delete(question);
    this.answers.set(question, answer);
    const [oldest] = this.answers.keys();
    if (this.answers.size > MOST && oldest !== undefined) this.answers.delete(oldest);
    this.timer ??= this.world.clock.after(WRITE_AFTER, () => void this.writeLater(), 'write answers');
  }

  /** Forgets one answer. Resolves once that is on the disk. */
  drop(question: string): Promise<void> {
    return this.answers.delete(question) ? this.write() : Promise.resolve();
  }

  /** Forgets all answers. Resolves once that is on the disk. */
  clear(): Promise<void> {
    this.epoch++;
    this.answers.clear();
    return this.write();
  }

  /** Resolves once everything is on the disk. Never rejects. */
  async stop(): Promise<void> {
    if (this.timer !== undefined) await this.writeLater();
    await this.file.idle();
  }

  private async writeLater(): Promise<void> {
    try {
      await this.write();
    } catch (error) {
      this.world.log.warn('Answers of the hub were not kept; it is asked again.', { error: String(error) });
    }
  }

  private write(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    return this.file.write(() => [...this.answers]);
  }
}

function isContent(json: unknown): json is readonly Kept[] {
  return isListOf(json, isKept);
}

function isKept(json: unknown): json is Kept {
  return Array.isArray(json) && json.length === 2 && isText(json[0]) && isVerdict(json[1]);
}
