import { join } from 'node:path';
import type { World } from '../system/world.js';

/** Most answers that are kept; the oldest goes first. */
const MOST = 1000;

/**
 * The hub's answers of who may be a friend, yes and no, kept across restarts until the hub says that they changed
 * [0324 3.5.1]: `answers.json` in the thing's folder.
 */
export class Answers {
  private readonly folder: string;
  private readonly world: Pick<World, 'files' | 'log'>;
  private answers = new Map<string, boolean>();
  private epoch = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(folder: string, world: Pick<World, 'files' | 'log'>) {
    this.folder = folder;
    this.world = world;
  }

  /** Reads what was kept. A damaged file holds nothing that the hub would not say again. */
  async start(): Promise<void> {
    const bytes = await this.world.files.read(this.path);
    if (bytes === undefined) return;
    try {
      this.answers = parse(bytes.toString());
    } catch (error) {
      this.world.log.warn('The kept answers are damaged; the hub is asked again.', { error: String(error) });
    }
  }

  /** The kept answer, `undefined` if the hub must be asked. */
  get(jid: string): boolean | undefined {
    return this.answers.get(jid);
  }

  /** Counts how often the answers were cleared: an answer to an older question is not kept. */
  get age(): number {
    return this.epoch;
  }

  /** Keeps an answer to a question that was asked at `age`. */
  keep(jid: string, answer: boolean, age: number): Promise<void> {
    if (age !== this.epoch) return Promise.resolve();
    this.answers.delete(jid);
    this.answers.set(jid, answer);
    const [oldest] = this.answers.keys();
    if (this.answers.size > MOST && oldest !== undefined) this.answers.delete(oldest);
    return this.write();
  }

  /** Forgets one answer. */
  drop(jid: string): Promise<void> {
    return this.answers.delete(jid) ? this.write() : Promise.resolve();
  }

  /** Forgets all answers. Resolves once that is on the disk. */
  clear(): Promise<void> {
    this.epoch++;
    this.answers.clear();
    return this.write();
  }

  /** Resolves once everything is on the disk. */
  async stop(): Promise<void> {
    await this.writing.catch(() => {});
  }

  /** One write at a time; each takes the newest state. */
  private write(): Promise<void> {
    const text = () => `${JSON.stringify(Object.fromEntries(this.answers))}\n`;
    const write = () => this.world.files.write(this.path, text(), 0o600);
    this.writing = this.writing.then(write, write);
    return this.writing;
  }

  private get path(): string {
    return join(this.folder, 'answers.json');
  }
}

function parse(text: string): Map<string, boolean> {
  const json: unknown = JSON.parse(text);
  if (typeof json !== 'object' || json === null) throw new Error('no object');
  const answers = new Map<string, boolean>();
  for (const [jid, answer] of Object.entries(json)) {
    if (typeof answer !== 'boolean') throw new Error('an answer is neither true nor false');
    answers.set(jid, answer);
  }
  return answers;
}
