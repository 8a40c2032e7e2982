import type { Generation } from '../domain/generation.js';
import { systemWorld, type World } from '../system/world.js';
import { openSession } from './client/open-session.js';
import type { AccountSession } from './client/session.js';
import { connectToHub } from './find-hub.js';
import { hubFinder } from './hub-finder.js';
import { findService } from './hub-service.js';
import type { Befriended } from './others/befriending.js';
import type { Others } from './others/others.js';
import type { CertificatePair } from './own-certificate.js';
import { Registry } from './registry.js';
import { silentLog } from './silent-log.js';
import { TokenKeeper } from './tokens/token-keeper.js';
import { Visit } from './visit.js';

/** How a person's program logs in. */
export interface LoginOptions {
  /** Of an account that is there already. */
  readonly account: { readonly name: string; readonly password: string };
  /** Where the hub is; found by mDNS, else by DHCP, if not given. `domain` is the hub's own word if not given. */
  readonly server?: { readonly host: string; readonly port: number; readonly domain?: string };
  /** The hub's XMPP domain, where several hubs are around. */
  readonly domain?: string;
  /**
   * PEM of the hub's certificate authority, as an earlier login gave it. Without it, whoever answers is believed: keep
   * what the first login gives.
   */
  readonly authority?: string;
  /** Namespaces to speak; what the hub offers if not given, `nf` first. */
  readonly generation?: Generation;
  /** The resource of the session; `app` if not given. */
  readonly resource?: string;
  /**
   * Certificate and key of a service: things that it reads and sets see whose service it is, by tokens of the hub's
   * provisioning [0324 3.5].
   */
  readonly certificate?: CertificatePair;
  /** Breaks the login off. */
  readonly signal?: AbortSignal;
}

/** An account's session with the hub. */
export interface Login {
  /** The full JID of the session. */
  readonly jid: string;
  readonly domain: string;
  /** PEM of the hub's certificate authority, to be kept for the next login. */
  readonly authority: string;
  readonly registry: Registry;
  /** Reads and sets things: those that let this account, or the service of its certificate. */
  readonly things: Others;
  /**
   * Asks a thing for its friendship, so that `things` find it at its bare JID while it is here; for things of one's own too.
   * Resolves within half a minute: `refused` where nobody allowed it yet, `later` where the thing is away. Rejects with
   * jid-malformed.
   */
  befriend(jid: string): Promise<Befriended>;
  /** The tokens of the service, one from each provisioning server; none without a certificate. */
  serviceTokens(): Promise<readonly string[]>;
  /** Resolves with the reason, a text for a person, when the session is over. Never rejects. */
  readonly ended: Promise<string>;
  /** Leaves in order. Never rejects. */
  close(): Promise<void>;
}

/**
 * Logs in, for programs of owners and for services. Rejects with SessionError, which says why in a text for a person, and
 * with bad-request for a certificate that is none.
 */
export async function logIn(options: LoginOptions, world: World = systemWorld(silentLog)): Promise<Login> {
  const { certificate, generation, account } = options;
  const keeper = certificate && new TokenKeeper(account.name, certificate);
  await keeper?.start();
  const { session, authority } = await enter(options, world);
  const visit = new Visit(session, keeper, world);
  visit.start();
  const close = async () => {
    visit.stop();
    await session.close();
  };
  try {
    const service = await findService(session, generation);
    visit.trust(service);
    const registry = new Registry(session, service);
    const { jid, domain, ended } = session;
    const { others: things, tokens } = visit.relations;
    const serviceTokens = async () => (await tokens?.all()) ?? [];
    const befriend = (friend: string) => visit.befriend(friend);
    return { jid: jid.full, domain, authority, registry, things, befriend, serviceTokens, ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Finds the hub and opens a session; tells which authority the hub has. */
async function enter(
  options: LoginOptions,
  world: World,
): Promise<{ session: AccountSession; authority: string }> {
  const { account, server, resource = 'app', signal = new AbortController().signal } = options;
  const wanted = options.domain ?? server?.domain;
  const found =
    server === undefined
      ? await hubFinder(world)(wanted, signal)
      : [{ domain: wanted ?? server.host, hosts: [server.host], port: server.port }];
  const { connection, domain } = await connectToHub(found, world, signal);
  let authority = options.authority ?? '';
  const session = await openSession(
    connection,
    {
      domain,
      authority: options.authority,
      account,
      create: 'never',
      resource,
      trusted: async (hub) => {
        authority = hub.authority;
      },
      signal,
    },
    world,
  );
  return { session, authority };
}
