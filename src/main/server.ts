import type { Config } from '../config/schema.js';
import type { Authority } from '../edges/c2s/authority.js';
import { C2s } from '../edges/c2s/c2s.js';
import { Credentials } from '../edges/c2s/sasl/credentials.js';
import type { RosterServices } from '../services/roster/roster-services.js';
import type { World } from '../system/world.js';
import type { Router } from '../xmpp/router.js';
import type { AccountServices } from './account-services.js';

/** What the embedded server is made of. */
export interface ServerParts {
  readonly accounts: AccountServices;
  readonly rosters: RosterServices;
  readonly router: Router;
  /** Started: the salts of unknown accounts come from its key. */
  readonly authority: Authority;
  /** The machine's names in mDNS. */
  readonly hosts: () => readonly string[];
}

/** The embedded XMPP server as the configuration wants it. */
export function embeddedServer(config: Config, parts: ServerParts, world: World): C2s {
  const { accounts, rosters, router, authority, hosts } = parts;
  const { listen, port, tlsPort, tls, registration, scramIterations } = config.server;
  const decoy = { iterations: scramIterations, secret: authority.secretFor('salts of unknown accounts') };
  const credentials = new Credentials(accounts.directory, accounts.domain, decoy);
  const { clock, random, log } = world;
  return new C2s(
    { domain: accounts.domain, listen, port, tlsPort, tls, registration, limits: config.limits },
    {
      world,
      router,
      accounts,
      rosters,
      sasl: { credentials, guard: accounts.guard, clock, random, log: log.part('login') },
      certificate: () => authority.secureContext,
      hosts,
      windowOpen: () => false,
    },
  );
}
