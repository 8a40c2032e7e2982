import { rowOf } from '../dialects/table.js';
import type { Tag } from '../domain/tag.js';
import type { Clock, Timer } from '../system/clock.js';
import type { Log } from '../system/log.js';
import type { Session } from './client/session.js';
import type { Listeners, ThingEvents } from './events.js';
import type { HubService } from './hub-service.js';

const FIRST_RETRY = 15_000;
const LAST_RETRY = 600_000;

/** What registration needs of the thing. */
export interface RegistrationParts {
  readonly session: Session;
  readonly service: HubService;
  /** KEY among them. */
  readonly tags: readonly Tag[];
  readonly events: Listeners<ThingEvents>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The thing's place in the registry: its tags there, and its owner [0347 3.5]. */
export class Registration {
  private readonly parts: RegistrationParts;
  private retry: Timer | undefined;
  private wait = FIRST_RETRY;
  private stopped = false;
  /** Bare JID of the owner, `undefined` while there is none. */
  owner: string | undefined;

  constructor(parts: RegistrationParts) {
    this.parts = parts;
  }

  /** Registers. Rejects if the registry refuses or is silent. */
  async register(): Promise<void> {
    const { session, service, tags } = this.parts;
    const row = rowOf('register', service.generation);
    const command = { node: NO_NODE, selfOwned: false, tags, generation: service.generation };
    const answer = row.readAnswer(await session.ask('set', service.registry, row.writeRequest(command)));
    this.wait = FIRST_RETRY;
    if (answer === undefined) this.owner = undefined;
    else this.claimed(answer.owner, answer.public);
  }

  /** Registers again and, where that fails, later once more: never at once, and ever more rarely. */
  async again(): Promise<void> {
    if (this.stopped) return;
    this.retry?.cancel();
    try {
      await this.register();
    } catch (error) {
      if (this.stopped) return;
      this.parts.log.warn('The registry did not take this thing; it is told again later.', {
        error: String(error),
        retryIn: this.wait,
      });
      this.retry = this.parts.clock.after(this.wait, () => void this.again(), 'register again');
      this.wait = Math.min(this.wait * 2, LAST_RETRY);
    }
  }

  /** The registry says who owns the thing. */
  claimed(owner: string, isPublic: boolean): void {
    this.owner = owner;
    this.parts.events.emit('claimed', { owner, public: isPublic });
  }

  /** The owner gave the thing up. */
  disowned(): void {
    this.owner = undefined;
    this.parts.events.emit('disowned', { registry: this.parts.service.registry });
  }

  /** The owner took the thing out of the registry. */
  removed(): void {
    this.parts.events.emit('removed', { registry: this.parts.service.registry });
  }

  stop(): void {
    this.stopped = true;
    this.retry?.cancel();
  }
}

const NO_NODE = { nodeId: '', sourceId: '', cacheType: '' };
