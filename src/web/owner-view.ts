import type { AuditEntry } from '../domain/audit.js';
import type { HubError } from '../domain/errors.js';
import { type NodeAddress, parseAddress } from '../domain/node-address.js';
import type { Question } from '../domain/question.js';
import type { Rule } from '../domain/rule.js';
import type { KnownThing } from '../domain/thing.js';
import type { Admin } from './admin.js';
import { noSuchThing } from './known-thing.js';
import { matters } from './reports.js';

/**
 * What an owner (bare JID) sees of the hub: what is his, what nobody owns, and what is left of those who own no more.
 * Whoever names no owner sees all, as the machine's administrator does.
 */
export class OwnerView {
  private readonly admin: Admin;
  private readonly owner: string | undefined;

  constructor(admin: Admin, owner: string | undefined) {
    this.admin = admin;
    this.owner = owner;
  }

  /** Whether a thing, or what else has this owner, is in his view. */
  owns(owner: string | undefined): boolean {
    return (
      this.owner === undefined ||
      owner === undefined ||
      owner === this.owner ||
      !this.admin.owners.mayOwn(owner)
    );
  }

  /** Whether an address concerns him: a thing of it does, one that is behind it, or the device before it. */
  concerns(address: NodeAddress): boolean {
    return this.admin.things
      .of(address.jid)
      .some((thing) => matters({ thing }, address) && this.shows(thing));
  }

  shows({ owner }: Pick<KnownThing, 'owner'>): boolean {
    return this.owns(owner);
  }

  /** Whether he may know of a rule: his own, or one about what concerns him. */
  showsRule({ by, thing }: Pick<Rule, 'by' | 'thing'>): boolean {
    return this.owner === undefined || by === this.owner || this.concerns(thing);
  }

  showsQuestion({ owner }: Pick<Question, 'owner'>): boolean {
    return this.owns(owner);
  }

  /** What he reads where no thing in his view has the address: nothing of the things of others. */
  noSuchThing(address: NodeAddress): HubError {
    const of = (jid: string) => this.admin.things.of(jid).filter((thing) => this.shows(thing));
    return noSuchThing({ things: { of } }, address);
  }

  /** Whether a line of the audit is about him or about a thing in his view. */
  showsEntry({ by, thing, about }: AuditEntry): boolean {
    if (this.owner === undefined || by === this.owner || about === this.owner) return true;
    const { things } = this.admin;
    if (thing !== undefined) return this.concerns(parseAddress(thing));
    return things.of(by).some((its) => this.shows(its));
  }
}
