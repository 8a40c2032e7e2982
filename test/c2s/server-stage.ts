import { createSecureContext, type SecureContext } from 'node:tls';
import { C2s, type C2sOptions } from '../../src/edges/c2s/c2s.js';
import { Credentials } from '../../src/edges/c2s/sasl/credentials.js';
import { AccountDirectory } from '../../src/services/accounts/account-directory.js';
import { ChangePassword } from '../../src/services/accounts/change-password.js';
import { CreateAccount } from '../../src/services/accounts/create-account.js';
import { LoginGuard } from '../../src/services/accounts/login-guard.js';
import { RemoveAccount } from '../../src/services/accounts/remove-account.js';
import { SetupCode } from '../../src/services/accounts/setup-code.js';
import { RateLimit } from '../../src/services/rate-limit.js';
import { RosterServices } from '../../src/services/roster/roster-services.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { type Clock, SystemClock } from '../../src/system/clock.js';
import type { Network } from '../../src/system/network.js';
import { SystemRandom } from '../../src/system/random.js';
import type { World } from '../../src/system/world.js';
import { Router } from '../../src/xmpp/router.js';
import { accountKeys } from '../../src/xmpp/scram.js';
import { TestAuthority } from '../actors/test-authority.js';
import { bareMachine } from '../world/bare-machine.js';
import { CollectedLog } from '../world/collected-log.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';
import { TestClient } from './test-client.js';

const ITERATIONS = 4096;
const DOMAIN = 'home.local';

const limits = {
  connections: 2000,
  connectionsPerAddress: 1000,
  loginConnections: 200,
  loginConnectionsPerAddress: 20,
  loginSeconds: 30,
  stanzaBytes: 262_144,
};

/** What a test wants otherwise. */
export interface StageOptions extends Partial<Omit<C2sOptions, 'limits'>> {
  readonly network?: Network;
  readonly clock?: Clock;
  readonly limits?: Partial<C2sOptions['limits']>;
}

/** An embedded server with accounts and a store, on a network in memory unless the test brings another. */
export class ServerStage {
  readonly log = new CollectedLog();
  readonly store: MemoryStore;
  readonly directory = new AccountDirectory(this.log);
  readonly rosters: RosterServices;
  readonly router = new Router(this.log);
  readonly server: C2s;
  readonly create: CreateAccount;
  readonly remove: RemoveAccount;
  readonly changePassword: ChangePassword;
  readonly setupCode: SetupCode;
  readonly network: Network;
  /** Whether the owner has opened the window for registration. */
  window = false;

  constructor(options: StageOptions = {}) {
    this.network = options.network ?? new MemoryNetwork();
    const clock = options.clock ?? new SystemClock();
    const random = new SystemRandom();
    const { network, log } = this;
    const files = new MemoryFiles();
    const world: World = { clock, random, network, files, processes: bareMachine, log };
    this.store = new MemoryStore(world);
    this.rosters = new RosterServices(this.store, 100);
    this.store.follow(this.directory);
    this.setupCode = new SetupCode(clock, random);
    const deriveKeys = (password: string) => accountKeys(password, ITERATIONS, random);
    const accountOptions = { domain: DOMAIN, limit: 100, hubNames: ['hub'] };
    this.create = new CreateAccount(
      this.store,
      this.directory,
      deriveKeys,
      this.setupCode,
      new RateLimit(20, clock),
      accountOptions,
      world,
    );
    this.remove = new RemoveAccount(this.store, DOMAIN, clock);
    this.changePassword = new ChangePassword(this.store, deriveKeys, DOMAIN, world);
    this.server = this.makeServer(options, world);
    this.router.add(this.server.destination);
  }

  /** Opens the server, with these accounts; the password of each is its name and `-secret`. */
  async opens(...names: string[]): Promise<this> {
    await this.store.start();
    await this.server.start();
    for (const name of names)
      await this.create.run({ name, password: `${name}-secret`, role: 'user', from: 'local' });
    return this;
  }

  /** A client that has connected. */
  async client(port = this.server.port): Promise<TestClient> {
    return new TestClient(await this.network.connect({ host: '127.0.0.1', port }));
  }

  /** A client that has logged in and is bound. */
  async session(name: string, resource = ''): Promise<TestClient> {
    return (await this.client()).comes(name, resource);
  }

  /** A client that also fetched the roster and is available. */
  async available(name: string, resource = ''): Promise<TestClient> {
    return (await this.session(name, resource)).appears();
  }

  /** Lines of the log that tell of failures. */
  failures(): string[] {
    return this.log.lines.filter(({ level }) => level === 'error').map(({ text }) => text);
  }

  private makeServer(options: StageOptions, world: World): C2s {
    const secret = Buffer.from('secret');
    const decoy = { iterations: ITERATIONS, secret };
    const { clock, random, log } = world;
    const { directory, create, remove, changePassword, setupCode } = this;
    return new C2s(
      {
        domain: DOMAIN,
        listen: ['127.0.0.1'],
        port: 0,
        tlsPort: 0,
        tls: 'optional',
        registration: 'open',
        ...options,
        limits: { ...limits, ...options.limits },
      },
      {
        world,
        router: this.router,
        accounts: { directory, create, remove, changePassword, setupCode },
        rosters: this.rosters,
        sasl: {
          credentials: new Credentials(directory, DOMAIN, decoy),
          guard: new LoginGuard(clock),
          clock,
          random,
          log,
        },
        certificate,
        hosts: () => ['hearth.local'],
        windowOpen: () => this.window,
      },
    );
  }
}

let shared: SecureContext | undefined;

/** The certificate of all stages of one test file, made when it is first needed. */
function certificate(): SecureContext {
  shared ??= createSecureContext(new TestAuthority().issue(DOMAIN));
  return shared;
}
