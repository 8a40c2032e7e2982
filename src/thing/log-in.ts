import type { Generation } from '../domain/generation.js';
import { systemWorld, type World } from '../system/world.js';
import { Host } from '../xmpp/host.js';
import { NS } from '../xmpp/namespaces.js';
import { KeepAlive } from './client/keep-alive.js';
import { openSession } from './client/open-session.js';
import type { Session } from './client/session.js';
import { connectToHub } from './find-hub.js';
import { findService } from './hub-service.js';
import { mdnsFinder } from './mdns-finder.js';
import { Registry } from './registry.js';
import { silentLog } from './silent-log.js';

/** How a person's program logs in. */
export interface LoginOptions {
  /** Of an account that is there already. */
  readonly account: { readonly name: string; readonly password: string };
  /** Where the hub is; found by mDNS if not given. `domain` is the hub's own word if not given. */
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
  /** Resolves with the reason, a text for a person, when the session is over. Never rejects. */
  readonly ended: Promise<string>;
  /** Leaves in order. Never rejects. */
  close(): Promise<void>;
}

/** Logs in, for programs of owners. Rejects with SessionError, which says why in a text for a person. */
export async function logIn(options: LoginOptions, world: World = systemWorld(silentLog)): Promise<Login> {
  const { account, server, generation, resource = 'app', signal = new AbortController().signal } = options;
  const wanted = options.domain ?? server?.domain;
  const found =
    server === undefined
      ? await mdnsFinder(world)(wanted, signal)
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
  const keepAlive = serve(session, world);
  const close = async () => {
    keepAlive.stop();
    await session.close();
  };
  void session.ended.then(() => keepAlive.stop());
  try {
    const registry = new Registry(session, await findService(session, generation));
    const { jid, ended } = session;
    return { jid: jid.full, domain: session.domain, authority, registry, ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Answers what a client must answer, and notices when the hub is gone. */
function serve(session: Session, { clock, log }: World): KeepAlive {
  const host = new Host(
    {
      serves: (to) => to.bare === session.jid.bare,
      identity: { category: 'client', type: 'pc', name: 'app' },
    },
    session.pending,
    log,
  );
  host.add({ kind: 'iq', types: ['get'], ns: NS.ping, name: 'ping', handle: () => undefined });
  session.start(host);
  const keepAlive = new KeepAlive(session, clock);
  keepAlive.start();
  return keepAlive;
}
