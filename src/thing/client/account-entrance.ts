import type { World } from '../../system/world.js';
import type { Entered, Entrance } from '../entrance.js';
import { connectToHub, type Finder, type HubAddress } from '../find-hub.js';
import { hubFinder } from '../hub-finder.js';
import type { ThingOptions } from '../options.js';
import type { State } from '../state.js';
import { AccountCompany } from './account-company.js';
import { openSession } from './open-session.js';
import { SessionError } from './session-error.js';

/** Comes into the hub by an account: finds it, makes itself an account there if need be, and logs in. */
export class AccountEntrance implements Entrance {
  private readonly options: ThingOptions;
  private readonly state: State;
  private readonly world: World;
  private readonly find: Finder;

  constructor(options: ThingOptions, state: State, world: World) {
    this.options = options;
    this.state = state;
    this.world = world;
    this.find = hubFinder(world, options.dhcp);
  }

  async enter(signal: AbortSignal): Promise<Entered> {
    const { state, world, options } = this;
    const known = state.identity.hub;
    const { connection, domain } = await connectToHub(await this.lookAround(signal), world, signal);
    const account = state.identity.account ?? (await state.newAccount(options.kind));
    try {
      const session = await openSession(
        connection,
        {
          domain: known?.domain ?? domain,
          authority: known?.authority,
          account,
          create: account.created ? 'after-refusal' : 'first',
          resource: 'thing',
          trusted: (hub) => state.pin(hub),
          signal,
        },
        world,
      );
      await state.accountCreated();
      return { session, company: new AccountCompany(session, world.clock) };
    } catch (error) {
      // Somebody else has the name: the next try takes another.
      if (error instanceof SessionError && error.failure === 'name-taken')
        await state.newAccount(options.kind);
      throw error;
    }
  }

  /** Whether a try goes better shows in trying only. */
  onChance(): void {}

  async stop(): Promise<void> {}

  private async lookAround(signal: AbortSignal): Promise<readonly HubAddress[]> {
    const { server } = this.options;
    if (server !== undefined)
      return [{ domain: server.domain ?? server.host, hosts: [server.host], port: server.port }];
    return this.find(this.state.identity.hub?.domain, signal);
  }
}
