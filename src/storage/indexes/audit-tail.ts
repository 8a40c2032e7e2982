import type { AuditEntry } from '../../domain/audit.js';
import { audits } from '../keys.js';
import type { View } from '../store.js';

/** How many lines are kept in memory. */
const LENGTH = 1000;

/** The end of the audit in memory, and who follows it. */
export class AuditTail implements View<number, AuditEntry> {
  readonly table = audits;
  readonly tail = LENGTH;
  private readonly entries: AuditEntry[] = [];
  private readonly followers = new Set<(entry: AuditEntry) => void>();

  changed(_number: number, entry: AuditEntry | undefined): void {
    if (entry === undefined) return;
    this.entries.push(entry);
    // Cut in larger steps, so that a line costs no copy of all the others.
    if (this.entries.length > 2 * LENGTH) this.entries.splice(0, LENGTH);
    for (const follower of this.followers) follower(entry);
  }

  /** The last lines, oldest first; no more than are kept. */
  last(count: number): readonly AuditEntry[] {
    return this.entries.slice(-Math.min(Math.max(count, 1), LENGTH));
  }

  /** Calls `follower` for each line from now on, until the returned function is called. */
  follow(follower: (entry: AuditEntry) => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }
}
