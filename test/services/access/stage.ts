import type { Caller } from '../../../src/domain/command.js';
import type { Credential } from '../../../src/domain/service-commands.js';
import type { ServiceEdit } from '../../../src/domain/service-edit.js';
import { AggregateUnknown } from '../../../src/services/access/aggregate.js';
import { AskingService } from '../../../src/services/access/asking-service.js';
import { AskingUser } from '../../../src/services/access/asking-user.js';
import { CanAccessService } from '../../../src/services/access/can-access.js';
import { DownloadPrivilegesOf } from '../../../src/services/access/download-privileges.js';
import { EditServices } from '../../../src/services/access/edit-services.js';
import { HasPrivilegeIn } from '../../../src/services/access/has-privilege.js';
import { ListServices } from '../../../src/services/access/list-services.js';
import { UserLoggedInAt } from '../../../src/services/access/user-logged-in.js';
import { UserPrivileges } from '../../../src/services/access/user-privileges.js';
import { UserTokens } from '../../../src/services/access/user-tokens.js';
import { AuditRepeats } from '../../../src/services/audit-repeats.js';
import { Owners } from '../../../src/services/owner/owners.js';
import { RateLimit } from '../../../src/services/rate-limit.js';
import { CertificateReader } from '../../../src/services/tokens/certificate-reader.js';
import { ServiceIndex } from '../../../src/storage/indexes/service-index.js';
import { ServicePartsIndex } from '../../../src/storage/indexes/service-parts-index.js';
import { UserTokenIndex } from '../../../src/storage/indexes/user-token-index.js';
import {
  audits,
  counters,
  notices,
  seenPrivileges,
  serviceRoles,
  serviceUsers,
} from '../../../src/storage/keys.js';
import { MemoryBackend } from '../../../src/storage/memory-backend.js';
import { MemoryStore } from '../../../src/storage/memory-store.js';
import { SystemRandom } from '../../../src/system/random.js';
import { CollectedLog } from '../../world/collected-log.js';
import { ManualClock } from '../../world/manual-clock.js';

export const HUB = 'hub.pronto.local';
export const ANNA = 'anna@pronto.local';
export const DAY = 86_400_000;

/** Identities of two services, and the tokens by which they are known. */
export const GATE = 'a1'.repeat(32);
export const SHOP = 'b2'.repeat(32);
const IDENTITIES = new Map([
  ['gate-token', GATE],
  ['shop-token', SHOP],
]);

export const caller = (jid: string): Caller => ({ jid, assurance: 'sasl', hub: HUB });
export const gate = caller('gate@pronto.local');
export const shop = caller('shop@pronto.local');

/** What of a stage is unusual. */
export interface StageWish {
  readonly aggregate?: Partial<{ enabled: boolean; services: number; users: number; privileges: number }>;
  readonly perService?: number;
  readonly perMinute?: number;
  readonly limits?: { readonly services: number; readonly users: number };
  readonly memory?: MemoryBackend;
}

function indexesOf(store: MemoryStore) {
  const indexes = {
    services: new ServiceIndex(),
    roles: new ServicePartsIndex(serviceRoles),
    users: new ServicePartsIndex(serviceUsers),
    privileges: new ServicePartsIndex(seenPrivileges),
    tokens: new UserTokenIndex(),
  };
  store.follow(indexes.services);
  store.follow(indexes.tokens);
  store.follow(indexes.roles);
  store.follow(indexes.users);
  store.follow(indexes.privileges);
  return indexes;
}

/** Everything about services on a store in memory, joined as the hub joins it, with a clock that a test moves. */
export async function open(wish: StageWish = {}) {
  const clock = new ManualClock();
  const log = new CollectedLog();
  const random = new SystemRandom();
  const memory = wish.memory ?? new MemoryBackend();
  const store = new MemoryStore({ clock, random, log }, memory);
  const indexes = indexesOf(store);
  const known = { time: true };
  const timeKnown = () => known.time;
  const audit = new AuditRepeats(store, clock, log);
  const room = { enabled: false, services: 1000, users: 10_000, privileges: 10_000, ...wish.aggregate };
  const aggregate = new AggregateUnknown({ store, ...indexes, log }, room, clock);
  /** What the proof of a caller's tokens waits for; that of others comes at once. */
  const proofs = new Map<string, Promise<void>>();
  const identityOf = async (token: string, { jid }: Caller) => {
    await proofs.get(jid);
    return IDENTITIES.get(token);
  };
  const asking = new AskingService(identityOf, aggregate, audit);
  const rate = new RateLimit(wish.perMinute ?? 1000, clock);
  const tokenOptions = { hub: HUB, perService: wish.perService ?? 100, lifetime: 30 * DAY, timeKnown };
  const tokens = new UserTokens({ store, ...indexes, log }, tokenOptions, clock, random);
  const shared = { store, asking, tokens, audit, rate, aggregate, log, services: indexes.services };
  const certificates = new CertificateReader([]);
  const canAccess = new CanAccessService({ ...shared, certificates, timeKnown }, clock);
  const logins = new UserLoggedInAt(shared, clock);
  const askingUser = new AskingUser({ ...shared, logins });
  const privileges = new UserPrivileges(indexes);
  const has = new HasPrivilegeIn(askingUser, privileges, aggregate, audit);
  const download = new DownloadPrivilegesOf(askingUser, privileges, audit);
  const owners = new Owners(() => [ANNA], []);
  const limits = wish.limits ?? { services: 1000, users: 10_000 };
  const edit = new EditServices(store, indexes.users, owners, limits, clock);
  const list = new ListServices(indexes, aggregate);
  await store.start();
  const parts = { clock, log, memory, store, indexes, known, proofs, tokens, list, aggregate, audit };
  return {
    ...parts,
    canAccess,
    logins,
    has,
    download,
    edit,
    acts: actsOf({ canAccess, logins, has, download, edit }),
  };
}

/** What services and the owner do most. */
function actsOf(services: {
  canAccess: CanAccessService;
  logins: UserLoggedInAt;
  has: HasPrivilegeIn;
  download: DownloadPrivilegesOf;
  edit: EditServices;
}) {
  const { canAccess, logins, has, download, edit } = services;
  return {
    edit: (change: ServiceEdit, identity = GATE) => edit.run(identity, change, ANNA),
    access: (credentials: readonly Credential[] = [], serviceToken = 'gate-token', from = gate) =>
      canAccess.run({ serviceToken, credentials, listed: false }, from),
    login: (userToken: string, userName: string, serviceToken = 'gate-token', from = gate) =>
      logins.run({ serviceToken, userToken, userName }, from),
    may: async (userToken: string, privilegeId: string, serviceToken = 'gate-token', from = gate) =>
      (await has.run({ serviceToken, userToken, privilegeId }, from)).result,
    list: async (userToken: string, serviceToken = 'gate-token', from = gate) =>
      (await download.run({ serviceToken, userToken }, from)).entries,
  };
}

/** Waits until all that was begun is on the disk. */
export async function settled(store: MemoryStore): Promise<void> {
  await store.transact((transaction) => transaction.put(counters, 'rule', 0));
}

/** The lines of the audit, as `what by about: outcome`. */
export async function auditOf(store: MemoryStore): Promise<string[]> {
  await settled(store);
  const lines: string[] = [];
  for await (const [, { what, by, about, outcome }] of store.scan(audits))
    lines.push(`${what} ${by} ${about}: ${outcome}`);
  return lines;
}

/** Who is to clear his cache. */
export async function cleared(store: MemoryStore): Promise<string[]> {
  const found: string[] = [];
  for await (const [, { to, body }] of store.scan(notices))
    if (body.operation === 'clear-cache') found.push(to);
  return found;
}
