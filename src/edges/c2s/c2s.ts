import { Jid } from '../../domain/jid.js';
import type { Timer } from '../../system/clock.js';
import type { Connection } from '../../system/network.js';
import type { World } from '../../system/world.js';
import { Admission } from '../../xmpp/admission.js';
import type { Peer } from '../../xmpp/peer.js';
import type { Destination, Router } from '../../xmpp/router.js';
import { AccountManagement } from './account-management.js';
import { AccountRequests } from './account-requests.js';
import { Attendance } from './attendance.js';
import type { C2sContext, RegistrationPolicy } from './context.js';
import { C2sListener } from './listener.js';
import { LocalAccounts } from './local-accounts.js';
import type { AccountPorts, CertificateSource, RosterPorts } from './ports.js';
import { PresenceDesk } from './presence-desk.js';
import type { Resource } from './resource.js';
import { ResourceTable } from './resource-table.js';
import { RosterPush } from './roster-push.js';
import { RosterRequests } from './roster-requests.js';
import type { SaslDependencies } from './sasl/negotiation.js';
import { Session } from './session.js';
import { Subscriptions } from './subscriptions.js';
import { VcardShelf } from './vcard-shelf.js';

/** Milliseconds until connections that do not end at a shutdown are cut. */
const SHUTDOWN = 800;

/** What of the configuration is about the embedded server. */
export interface C2sOptions {
  readonly domain: string;
  readonly listen: readonly string[];
  readonly port: number;
  readonly tlsPort: number;
  readonly tls: 'required' | 'optional';
  readonly registration: RegistrationPolicy;
  readonly limits: {
    readonly connections: number;
    readonly connectionsPerAddress: number;
    readonly loginConnections: number;
    readonly loginConnectionsPerAddress: number;
    readonly loginSeconds: number;
    readonly stanzaBytes: number;
  };
}

/** What the embedded server stands on. */
export interface C2sParts {
  readonly world: World;
  readonly router: Router;
  readonly accounts: AccountPorts;
  readonly rosters: RosterPorts;
  readonly sasl: SaslDependencies;
  readonly certificate: CertificateSource;
  /** Other names of this server that a stream may be opened to: its mDNS host names. */
  readonly hosts: () => readonly string[];
  /** Whether the owner has opened the window for registration. */
  readonly windowOpen: () => boolean;
}

type PeerListener = (peer: Peer) => void;

/** The embedded XMPP server: clients on TCP, their accounts, presence and rosters. */
export class C2s {
  /** The accounts of the domain; the router asks it after the hub's own addresses. */
  readonly destination: Destination;
  private readonly options: C2sOptions;
  private readonly parts: C2sParts;
  private readonly table = new ResourceTable();
  private readonly vcards = new VcardShelf();
  private readonly sessions = new Set<Session>();
  private readonly reachable: PeerListener[] = [];
  private readonly gone: PeerListener[] = [];
  private readonly subscriptions: Subscriptions;
  private readonly context: C2sContext;
  private readonly listener: C2sListener;
  private unfollow: (() => void) | undefined;

  constructor(options: C2sOptions, parts: C2sParts) {
    this.options = options;
    this.parts = parts;
    const { domain } = options;
    const { router, rosters, accounts, world } = parts;
    const { directory } = rosters;
    const log = world.log.part('server');
    const push = new RosterPush(this.table, world.random);
    this.subscriptions = new Subscriptions(this.table, rosters.change, push, router, log);
    const requests = new RosterRequests(rosters, push, this.subscriptions);
    this.destination = new LocalAccounts({
      domain,
      table: this.table,
      directory,
      subscriptions: this.subscriptions,
      requests: new AccountRequests(this.table, directory, requests, this.vcards, log),
      exists: (name) => accounts.directory.find(name) !== undefined,
    });
    this.context = this.makeContext();
    this.listener = new C2sListener(
      options,
      world.network,
      this.context.admission,
      parts.certificate,
      (connection, address) => this.accept(connection, address),
    );
  }

  /** The port of XMPP with STARTTLS, once started. */
  get port(): number {
    return this.listener.port;
  }

  /** The port of XMPP over TLS, once started. */
  get tlsPort(): number {
    return this.listener.tlsPort;
  }

  /** Opens the ports. Rejects with the system's error if one cannot be taken. The store runs by now. */
  async start(): Promise<void> {
    const { accounts, rosters } = this.parts;
    this.unfollow = accounts.directory.onRevoked((name, reason) => this.revoke(name, reason));
    for (const name of rosters.directory.accounts()) {
      if (accounts.directory.find(name) === undefined) this.forget(name);
    }
    await this.listener.start();
  }

  /** Says goodbye to all clients and closes the ports; within a second. */
  async stop(): Promise<void> {
    this.unfollow?.();
    await this.listener.stop();
    const open = [...this.sessions];
    const ends = open.map((session) => session.finished());
    for (const session of open) session.fail('system-shutdown', 'The hub is stopping.');
    let timer: Timer | undefined;
    const late = new Promise<void>((resolve) => {
      timer = this.parts.world.clock.after(SHUTDOWN, resolve, 'shutdown of the server');
    });
    await Promise.race([Promise.all(ends), late]);
    timer?.cancel();
    for (const session of open) session.destroy();
  }

  /** How many sessions are bound. */
  get connections(): number {
    return this.table.all().length;
  }

  /** All bound sessions of a bare JID. */
  sessionsOf(bare: string): readonly Peer[] {
    return this.table.of(this.localPart(bare));
  }

  /** The sessions of a bare JID that sent available presence, best priority first. */
  availableOf(bare: string): readonly Peer[] {
    return this.table.available(this.localPart(bare));
  }

  /** Calls the listener whenever a session became available. */
  onReachable(listener: PeerListener): void {
    this.reachable.push(listener);
  }

  /** Calls the listener whenever a bound session is over. */
  onGone(listener: PeerListener): void {
    this.gone.push(listener);
  }

  private makeContext(): C2sContext {
    const { world, router, accounts, rosters } = this.parts;
    const { limits, domain } = this.options;
    const { clock, random, network } = world;
    const log = world.log.part('server');
    const desk = new PresenceDesk(
      this.table,
      rosters.directory,
      this.subscriptions,
      router,
      (resource: Resource) => tell(this.reachable, resource),
    );
    const management = new AccountManagement(domain, accounts, log);
    const gone = (resource: Resource) => tell(this.gone, resource);
    return {
      ...this.parts,
      options: { ...this.options, loginSeconds: limits.loginSeconds, stanzaBytes: limits.stanzaBytes },
      clock,
      random,
      network,
      log,
      attendance: new Attendance(this.table, desk, management, router, gone, log),
      admission: new Admission({
        waiting: limits.loginConnections,
        waitingPerAddress: limits.loginConnectionsPerAddress,
        loggedIn: limits.connections,
        loggedInPerAddress: limits.connectionsPerAddress,
      }),
    };
  }

  private accept(connection: Connection, address: string): void {
    const session = new Session(this.context, connection, address, (ended) => this.sessions.delete(ended));
    this.sessions.add(session);
    session.start();
  }

  /** Whose credentials no longer hold is not here any more; the one who changed them hears of it himself. */
  private revoke(name: string, reason: 'removed' | 'password'): void {
    const text = reason === 'removed' ? 'This account is removed.' : 'The password of this account changed.';
    for (const session of [...this.sessions]) {
      if (session.account !== name) continue;
      if (session.resource?.managing !== true) session.fail('not-authorized', text);
    }
    if (reason === 'removed') this.forget(name);
  }

  /** Ends all subscriptions of an account that is gone. */
  private forget(name: string): void {
    this.vcards.forget(name);
    const { rosters, world } = this.parts;
    const own = Jid.of(name, this.options.domain);
    rosters.clear.run(name).then(
      (items) => {
        for (const item of items) this.subscriptions.ended(own, item);
      },
      (error: unknown) =>
        world.log.warn('The roster of a removed account could not be deleted yet.', {
          account: name,
          error: String(error),
        }),
    );
  }

  private localPart(bare: string): string {
    const suffix = `@${this.options.domain}`;
    return bare.endsWith(suffix) ? bare.slice(0, -suffix.length) : '';
  }
}

function tell(listeners: readonly PeerListener[], peer: Peer): void {
  for (const listener of listeners) listener(peer);
}
