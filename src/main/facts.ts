import { join } from 'node:path';
import type { Config } from '../config/schema.js';
import type { Ready } from '../domain/admin.js';
import type { ReachReport } from '../domain/admin-trust.js';
import type { C2s } from '../edges/c2s/c2s.js';
import type { LinkLocal } from '../edges/link-local/link-local.js';
import { BefriendDevice } from '../services/owner/befriend.js';
import { RemoveTokens } from '../services/tokens/remove-tokens.js';
import { things as thingsTable } from '../storage/keys.js';
import type { Store } from '../storage/store.js';
import type { Clock } from '../system/clock.js';
import { version } from '../system/version.js';
import type { Admin, DevicesAdmin, HubFacts, ServicesAdmin, TokensAdmin, TrustAdmin } from '../web/admin.js';
import type { Announcement } from './announcement.js';
import type { Doctor } from './doctor.js';
import type { House } from './house.js';

/** The parts that run. */
export interface RunningParts {
  readonly config: Config;
  readonly house: House;
  readonly store: Store;
  readonly server: C2s | undefined;
  readonly link: LinkLocal | undefined;
  readonly announcement: Announcement;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly clock: Clock;
  /** Who looks at the hub from outside; absent where there is no outside. */
  readonly doctor?: Pick<Doctor, 'run'>;
}

/** Where the control socket is. */
export function controlPath(config: Config): string {
  return join(config.data, 'control.sock');
}

/** What the hub is and where it is reached now; what is off, or comes with a later version, is null. */
export function readyOf({ config, house, server, link, announcement }: RunningParts): Ready {
  const { domain, hub } = house.addresses;
  const host = announcement.hostName;
  return {
    version,
    domain,
    hub,
    server: server === undefined ? null : { host, port: server.port, tlsPort: server.tlsPort },
    linkLocal: link === undefined ? null : { port: link.port, instance: link.instance },
    web: null,
    control: controlPath(config),
  };
}

/** What the administrator's commands work on. */
export function adminOf(parts: RunningParts): Admin {
  const { house, store } = parts;
  const { claim, claimCode, update, remove, disown, search } = house.core.registry;
  const { decide, book, removeRule, explain } = house.core.provisioning;
  const { things, questions, rules, audit } = house.indexes;
  const { owners, accounts } = house;
  return {
    hub: factsOf(parts),
    ...{ claim, claimCode, update, remove, disown, search },
    thing: (address) => store.get(thingsTable, address),
    ...{ decide, book, removeRule, explain },
    friendships: house.core.friendships,
    devices: devicesOf(parts),
    trust: trustOf(parts),
    tokens: tokensOf(parts),
    services: servicesOf(parts),
    owners,
    things,
    questions,
    rules,
    accounts,
    audit,
  };
}

function factsOf(parts: RunningParts): HubFacts {
  const { house, store, server, announcement, since } = parts;
  return {
    ready: () => readyOf(parts),
    since,
    damage: () => store.damage?.text,
    warnings: () => announcement.warnings(),
    doctor: async () => (await parts.doctor?.run()) ?? [],
    connections: () => server?.connections ?? 0,
    notices: () => house.core.outbox.count,
    connected: (jid) => house.connected(jid),
    reached: (jid) => reachedBy(house, jid),
    moment: () => house.core.moment(),
    time: () => house.core.time(),
  };
}

/** On the link the pin decides as it is now, whatever it was when the stream was opened. */
function reachedBy(house: House, jid: string): ReachReport[] {
  return house.reached(jid).map(({ edge, assurance, certificate }) => {
    if (edge !== 'link-local') return { edge, assurance };
    const isPinned = house.core.link.trust.judge(jid, certificate) === 'certificate';
    return { edge, assurance: isPinned ? 'certificate' : 'unverified' };
  });
}

function devicesOf({ config, house, store, clock }: RunningParts): DevicesAdmin {
  const { guard, secondaryTrust } = config.provisioning;
  const ports = {
    connected: (device: string) => house.connected(device),
    ask: (device: string) => house.befriend(device),
  };
  return {
    set: house.core.provisioning.setDevice,
    befriend: new BefriendDevice(store, house.owners, ports, clock),
    settings: { get: (device) => house.indexes.settings.get(device), defaults: { guard, secondaryTrust } },
    contacts: (device) => house.roster(device),
  };
}

function trustOf({ house, store, clock }: RunningParts): TrustAdmin {
  const { link, provisioning } = house.core;
  return {
    peer: link.trustPeer(store, provisioning.book, { clock }),
    pinOf: (jid) => house.indexes.pins.get(jid),
    refusedOf: (jid) => link.refusals.of(jid),
    refusedNames: () => link.refusals.names(),
  };
}

function tokensOf({ house, store, clock }: RunningParts): TokensAdmin {
  const { tokens, certificates } = house.indexes;
  const { tokens: services, identityOf } = house.core.provisioning;
  const remove = new RemoveTokens(store, house.owners, clock);
  return { known: tokens, certificates, revoke: services.revoke, remove, identityOf };
}

function servicesOf({ house }: RunningParts): ServicesAdmin {
  const { list, edit } = house.core.provisioning.users;
  return { known: house.indexes.services, list, edit };
}
