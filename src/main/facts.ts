import { join } from 'node:path';
import type { Config } from '../config/schema.js';
import type { Ready } from '../domain/admin.js';
import type { C2s } from '../edges/c2s/c2s.js';
import { things as thingsTable } from '../storage/keys.js';
import type { Store } from '../storage/store.js';
import { version } from '../system/version.js';
import type { Admin, HubFacts } from '../web/admin.js';
import type { Announcement } from './announcement.js';
import type { House } from './house.js';

/** The parts that run. */
export interface RunningParts {
  readonly config: Config;
  readonly house: House;
  readonly store: Store;
  readonly server: C2s | undefined;
  readonly announcement: Announcement;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Where the control socket is. */
export function controlPath(config: Config): string {
  return join(config.data, 'control.sock');
}

/** What the hub is and where it is reached now; what comes with a later version is null. */
export function readyOf({ config, house, server, announcement }: RunningParts): Ready {
  const { domain, hub } = house.addresses;
  const host = announcement.hostName;
  return {
    version,
    domain,
    hub,
    server: server === undefined ? null : { host, port: server.port, tlsPort: server.tlsPort },
    linkLocal: null,
    web: null,
    control: controlPath(config),
  };
}

/** What the administrator's commands work on. */
export function adminOf(parts: RunningParts): Admin {
  const { house, store } = parts;
  const { registry, provisioning } = house.core;
  const { decide, removeRule } = provisioning;
  const { things, questions, rules, audit } = house.indexes;
  const { owners, accounts } = house;
  return {
    hub: factsOf(parts),
    claim: registry.claim,
    claimCode: registry.claimCode,
    update: registry.update,
    remove: registry.remove,
    disown: registry.disown,
    search: registry.search,
    thing: (address) => store.get(thingsTable, address),
    decide,
    removeRule,
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
    connections: () => server?.connections ?? 0,
    notices: () => house.core.outbox.count,
    connected: (jid) => house.connected(jid),
  };
}
