import { HubError } from '../../domain/errors.js';

/** Who may own things: the hub's own accounts that have the owner's role, and addresses that the configuration trusts. */
export class Owners {
  private readonly localOwners: () => readonly string[];
  private readonly trusted: ReadonlySet<string>;

  /** `localOwners` lists bare JIDs of owners' accounts; `trusted` are bare JIDs, normalised (`trust.owner`). */
  constructor(localOwners: () => readonly string[], trusted: readonly string[]) {
    this.localOwners = localOwners;
    this.trusted = new Set(trusted);
  }

  /** Whether this bare JID may own things. */
  mayOwn(jid: string): boolean {
    return this.trusted.has(jid) || this.localOwners().includes(jid);
  }

  /** Whether the configuration trusts this bare JID from outside. */
  isTrusted(jid: string): boolean {
    return this.trusted.has(jid);
  }

  /**
   * Whether one may decide what is another's to decide: himself, and any owner for one who is none any more, so that
   * nothing that a former owner left is out of everybody's reach.
   */
  actsFor(actor: string, owner: string): boolean {
    return actor === owner || (this.mayOwn(actor) && !this.mayOwn(owner));
  }

  /** The owners that have an account here. */
  local(): readonly string[] {
    return this.localOwners();
  }

  /**
   * The owner in whose name the machine's administrator acts: the one named, or the only one. Refuses with no-owner,
   * which-owner, and owner-only for one who is none.
   */
  actingOwner(named: string | undefined): string {
    if (named !== undefined) {
      if (!this.mayOwn(named))
        throw new HubError('owner-only', `${named} is no owner of this hub. See: hearth accounts`);
      return named;
    }
    const all = [...new Set([...this.localOwners(), ...this.trusted])];
    if (all.length > 1) throw new HubError('which-owner');
    const only = all[0];
    if (only === undefined) throw new HubError('no-owner');
    return only;
  }
}
