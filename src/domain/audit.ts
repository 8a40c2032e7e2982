/** A line of the audit: who asked what, and what was decided. Append-only. */
export interface AuditEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What was done, in the words of the operations: register, claim, is-friend, allow, … */
  readonly what: string;
  /** Bare JID of the one who asked; `hub` for the hub itself, `local` for the machine's administrator. */
  readonly by: string;
  /** The address of the thing it is about, as `formatAddress` writes it. */
  readonly thing?: string;
  /** The other party: the caller asked about, the owner told. */
  readonly about?: string;
  /** What came of it: `done`, `yes`, `no`, `asked the owner`, or an error code. */
  readonly outcome: string;
  /** How often the same happened again since the line before; absent for once. */
  readonly times?: number;
}
