import {
  isLast,
  type Reading,
  type ReadingFailure,
  readFailures,
  readFields,
} from '../../dialects/readout-values.js';
import { readState, SENSOR_DATA, writeReq } from '../../dialects/xep0323.js';
import type { Category, Tokens } from '../../domain/access.js';
import type { NodePart } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import type { Clock, Timer } from '../../system/clock.js';
import type { Random } from '../../system/random.js';
import type { Element } from '../../xmpp/element.js';
import type { Context, Handler } from '../../xmpp/host.js';
import type { Session } from '../session.js';

/** What is to be read of another thing; empty lists stand for all. */
export interface ReadOrder {
  readonly nodes: readonly NodePart[];
  readonly fields: readonly string[];
  readonly categories: readonly Category[];
  readonly tokens: Tokens;
}

/** What another thing said. */
export interface ReadOutcome {
  readonly readings: readonly Reading[];
  readonly failures: readonly ReadingFailure[];
}

/** Longest silence of a thing that is being read, in milliseconds. */
const SILENCE = 60_000;

/** Most values of one readout. */
const MOST = 100_000;

interface Running {
  readonly readings: Reading[];
  readonly failures: ReadingFailure[];
  timer: Timer;
  resolve(outcome: ReadOutcome): void;
  reject(error: unknown): void;
}

/** Reads the fields of other things: asks, and gathers what then comes in messages [0323 3]. */
export class Reader {
  private readonly session: Session;
  private readonly clock: Clock;
  private readonly running = new Map<string, Running>();
  private seqnr: number;
  /** Take what others send. */
  readonly handlers: readonly Handler[];

  constructor(session: Session, clock: Clock, random: Random) {
    this.session = session;
    this.clock = clock;
    // Numbers begin anywhere, so that what belongs to an earlier session is not taken for ours.
    this.seqnr = random.bytes(4).readUInt32BE() >>> 2;
    this.handlers = ['fields', 'failure', 'started', 'done'].map((name) => ({
      kind: 'message',
      types: [],
      ns: SENSOR_DATA,
      name,
      handle: (payload, context) => this.take(payload, context),
    }));
  }

  /**
   * Reads a thing at its full JID. Rejects with RequestRefused if it refuses, with recipient-unavailable if it is silent,
   * and with bad-request if it answers nonsense.
   */
  read(to: string, { nodes, fields, categories, tokens }: ReadOrder): Promise<ReadOutcome> {
    this.seqnr = (this.seqnr + 1) % 2 ** 31;
    const seqnr = String(this.seqnr);
    const names = fields.length === 0 ? undefined : new Set(fields);
    const payload = writeReq({ seqnr, categories, names, nodes, tokens });
    const key = keyOf(to, seqnr);
    return new Promise<ReadOutcome>((resolve, reject) => {
      const timer = this.silence(key);
      this.running.set(key, { readings: [], failures: [], timer, resolve, reject });
      this.session.ask('get', to, payload, SILENCE).catch((error: unknown) => this.fail(key, error));
    });
  }

  /** Gives up on everything. */
  stop(): void {
    for (const key of [...this.running.keys()]) this.fail(key, new HubError('recipient-unavailable'));
  }

  /** Messages that belong to no readout are dropped, and never answered. */
  private take(payload: Element, { peer }: Context): undefined {
    const key = keyOf(peer.jid.full, payload.attribute('seqnr') ?? '');
    const running = this.running.get(key);
    if (running === undefined) return undefined;
    running.timer.cancel();
    running.timer = this.silence(key);
    try {
      if (this.gather(payload, running)) this.end(key)?.resolve(running);
    } catch (error) {
      this.fail(key, error);
    }
    return undefined;
  }

  /** Whether this was the last message. */
  private gather(payload: Element, { readings, failures }: Running): boolean {
    if (payload.name === 'fields') readings.push(...readFields(payload));
    else if (payload.name === 'failure') failures.push(...readFailures(payload));
    else return readState(payload) !== '' && payload.name === 'done';
    if (readings.length + failures.length > MOST)
      throw new HubError('bad-request', 'The thing sends more than anybody can want.');
    return isLast(payload);
  }

  private silence(key: string): Timer {
    const giveUp = () => this.fail(key, new HubError('recipient-unavailable', 'The thing fell silent.'));
    return this.clock.after(SILENCE, giveUp, 'readout of another thing');
  }

  private fail(key: string, error: unknown): void {
    this.end(key)?.reject(error);
  }

  private end(key: string): Running | undefined {
    const running = this.running.get(key);
    running?.timer.cancel();
    this.running.delete(key);
    return running;
  }
}

function keyOf(jid: string, seqnr: string): string {
  return `${jid} ${seqnr}`;
}
