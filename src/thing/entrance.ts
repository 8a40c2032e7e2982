import type { Company } from './company.js';
import type { Session } from './session.js';

/** A session that began, and how others are seen in it. */
export interface Entered {
  readonly session: Session;
  readonly company: Company;
}

/** How a thing comes into its hub. */
export interface Entrance {
  /** Begins a session, until `signal` is aborted. Rejects with SessionError; the next try may go better. */
  enter(signal: AbortSignal): Promise<Entered>;
  /** Calls the listener when the next try may go better than the last. */
  onChance(listener: () => void): void;
  /** Lets go of everything. Never rejects. */
  stop(): Promise<void>;
}
