import { HubError } from '../../domain/errors.js';
import { deviceAddress } from '../../domain/node-address.js';
import { type Service, type ServiceUser, serviceLabel } from '../../domain/service.js';
import type { ServiceEdit } from '../../domain/service-edit.js';
import type { ServicePartsIndex } from '../../storage/indexes/service-parts-index.js';
import { seenPrivileges, serviceRoles, services, serviceUsers, userTokens } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import type { Owners } from '../owner/owners.js';
import { announceChange } from '../provisioning/announce-change.js';
import { announceIdentities } from '../tokens/announce-identities.js';
import { editRules } from './edit-access-rules.js';
import { checkedEntries, editLists, partsOf } from './edit-lists.js';

/** How many services and users owners may set up, in all. */
export interface ServiceLimits {
  readonly services: number;
  readonly users: number;
}

/** A change on its way: the transaction that makes it, and the service as that sees it. */
interface Editing {
  readonly transaction: Transaction;
  readonly service: Service;
  readonly owner: string;
  readonly at: number;
}

/** What came of a change. */
interface Edited {
  /** Absent where it is forgotten. */
  readonly service?: Service;
  readonly outcome: string;
  /** Users are not who they were: what has rules about them must ask anew. */
  readonly usersEnd: boolean;
}

const IDENTITY = /^[0-9a-f]{64}$/;

/** What nobody takes for the beginning of an identity, and fits on a line. */
const NAME = /^(?![0-9a-f]{8,}$)[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]{0,62}[^\s\p{C}])?$/u;

/**
 * An owner sets up services: names them, says who may use them, and what their users may do there. Each change is one
 * transaction with its line in the audit. Services that may have cached privileges are told to ask anew, and so are
 * things that have rules about users who are not there any more [0324 3.5.1, 6.2].
 */
export class EditServices {
  private readonly store: Store;
  private readonly users: ServicePartsIndex<ServiceUser>;
  private readonly owners: Owners;
  private readonly limits: ServiceLimits;
  private readonly clock: Clock;

  constructor(
    store: Store,
    users: ServicePartsIndex<ServiceUser>,
    owners: Owners,
    limits: ServiceLimits,
    clock: Clock,
  ) {
    this.store = store;
    this.users = users;
    this.owners = owners;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Changes the service with this identity in an owner's name (bare JID); returns it as it is then, `undefined` for one
   * that is forgotten. Refuses with owner-only; with item-not-found what is not there; with bad-request what is
   * malformed; with conflict a name that another service has, and a role that users have; with limit-reached.
   */
  run(identity: string, edit: ServiceEdit, owner: string): Promise<Service | undefined> {
    if (!this.owners.mayOwn(owner)) throw new HubError('owner-only');
    return this.store.transact(async (transaction) => {
      const at = this.clock.now();
      const service = await this.service(transaction, identity, edit, at);
      const editing = { transaction, service: { ...service, by: service.by ?? owner }, owner, at };
      // Who may have cached something is found by his tokens, before these end.
      const holders = await holdersOf(editing);
      const edited = await this.apply(editing, edit);
      await tell(editing, edited, holders);
      if (edited.service === undefined) await forget(editing);
      else transaction.put(services, identity, edited.service);
      const about = serviceLabel(identity, edited.service ?? service);
      const outcome = `done (${edited.outcome})`;
      await appendAudit(transaction, { at, what: `service-${edit.kind}`, by: owner, about, outcome });
      return edited.service;
    });
  }

  private async service(
    transaction: Transaction,
    identity: string,
    edit: ServiceEdit,
    firstSeen: number,
  ): Promise<Service> {
    const known = await transaction.get(services, identity);
    if (known !== undefined) return known;
    if (edit.kind !== 'name' || !IDENTITY.test(identity))
      throw new HubError('item-not-found', 'There is no such service. Name it first, by its fingerprint.');
    return { identity, firstSeen, rules: [], lastRule: 0, defaults: [], epoch: 0 };
  }

  private async apply(editing: Editing, edit: ServiceEdit): Promise<Edited> {
    const { transaction, service, owner, at } = editing;
    switch (edit.kind) {
      case 'name':
        await this.checkName(transaction, service.identity, edit.name);
        return { service: { ...service, name: edit.name }, outcome: 'named', usersEnd: false };
      case 'add-rule':
      case 'remove-rule':
      case 'move-rule': {
        const { service: next, rule } = editRules(service, edit, { owner, at });
        return { service: next, outcome: `rule ${rule}`, usersEnd: next.epoch !== service.epoch };
      }
      case 'set-defaults': {
        const defaults = checkedEntries(edit.entries);
        return { service: { ...service, defaults }, outcome: `${defaults.length} lines`, usersEnd: false };
      }
      case 'forget-privileges':
        await drop(transaction, seenPrivileges, service.identity);
        return { service, outcome: 'forgotten', usersEnd: false };
      case 'forget':
        return { outcome: 'forgotten', usersEnd: true };
      default:
        return this.editLists(editing, edit);
    }
  }

  private async editLists(
    { transaction, service, owner, at }: Editing,
    edit: Parameters<typeof editLists>[1],
  ): Promise<Edited> {
    const roomForUser = () => {
      if (this.users.count >= 2 * this.limits.users)
        throw new HubError('limit-reached', 'There are as many users as the hub may know.');
    };
    await editLists(transaction, edit, { service: service.identity, owner, at, roomForUser });
    const outcome = 'role' in edit ? `role ${edit.role}` : `user ${edit.user}`;
    return { service, outcome, usersEnd: edit.kind === 'remove-user' };
  }

  private async checkName(transaction: Transaction, identity: string, name: string): Promise<void> {
    if (!NAME.test(name))
      throw new HubError(
        'bad-request',
        'The name of a service has at most 64 characters on one line, and does not look like a fingerprint.',
      );
    let others = 0;
    for await (const [other, service] of transaction.scan(services)) {
      if (other === identity) continue;
      if (service.name === name) throw new HubError('conflict');
      if (service.by !== undefined) others += 1;
    }
    if (others >= this.limits.services)
      throw new HubError('limit-reached', 'There are as many services as the hub may know.');
  }
}

/** Bare JIDs by which the service got user tokens. */
async function holdersOf({ transaction, service }: Editing): Promise<ReadonlySet<string>> {
  const tokens = await partsOf(transaction, userTokens, service.identity);
  return new Set(tokens.map(([, { by }]) => by));
}

async function tell(
  { transaction, service, at }: Editing,
  { usersEnd }: Edited,
  holders: ReadonlySet<string>,
): Promise<void> {
  for (const jid of holders) await announceChange(transaction, deviceAddress(jid), {}, at);
  if (usersEnd) await announceIdentities(transaction, new Set([service.identity]), at);
}

async function forget({ transaction, service }: Editing): Promise<void> {
  for (const table of [serviceRoles, serviceUsers, userTokens, seenPrivileges])
    await drop<unknown>(transaction, table, service.identity);
  transaction.delete(services, service.identity);
}

async function drop<Value>(
  transaction: Transaction,
  table: Parameters<typeof partsOf<Value>>[1],
  service: string,
): Promise<void> {
  for (const [key] of await partsOf(transaction, table, service)) transaction.delete(table, key);
}
