import { expect } from 'vitest';
import { SystemRandom } from '../../src/system/random.js';
import { Thing, type ThingEvents, type ThingOptions } from '../../src/thing/index.js';
import type { Element } from '../../src/xmpp/element.js';
import { bareMachine } from '../world/bare-machine.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';
import { ScriptedHub } from './scripted-hub.js';
import { TestAuthority } from './test-authority.js';

export const DISCO = 'urn:nf:iot:disco:1.0';
export const PROV = 'urn:nf:iot:prov:d:1.0';
export const HUB = 'hub.attic.local';
export const OWNER = 'anna@attic.local';

/** A scripted hub and lamps that belong to it, in memory. */
export class ThingRig {
  clock = new ManualClock();
  files = new MemoryFiles();
  log = new CollectedLog();
  hub: ScriptedHub;
  /** The lamp's dimmer. */
  readonly brightness = { value: 40 };
  private readonly authority = new TestAuthority();
  private readonly network = new MemoryNetwork();
  private readonly things: Thing[] = [];
  private settled = 0;

  constructor() {
    this.hub = new ScriptedHub('attic.local', this.authority);
  }

  /** A new world with a new hub of the same authority. */
  async plugIn(): Promise<void> {
    this.clock = new ManualClock();
    this.files = new MemoryFiles();
    this.log = new CollectedLog();
    this.brightness.value = 40;
    await this.serve(new ScriptedHub('attic.local', this.authority));
  }

  /** Stops all things; no timer may be left. */
  async unplug(): Promise<void> {
    for (const thing of this.things.splice(0)) {
      const stopped = thing.stop();
      this.clock.advance(60_000);
      await stopped;
    }
    this.clock.advance(10_000);
    expect(this.clock.waiting()).toEqual([]);
    await this.closeListener();
  }

  /** Another hub answers at the same place. */
  async serve(hub: ScriptedHub): Promise<void> {
    this.hub = hub;
    await this.closeListener();
    const at = { host: '192.0.2.1', port: 5222 };
    const listener = await this.network.listen(at, (connection) => this.hub.accept(connection));
    this.closeListener = () => listener.close();
  }

  /** Nobody answers any more. */
  closeListener: () => Promise<void> = async () => undefined;

  /** A lamp that is not started. */
  make(changes: Partial<ThingOptions> = {}): Thing {
    return this.makeOf({ ...lamp(this.brightness), ...changes });
  }

  /** Another thing that is not started. */
  makeOf(options: ThingOptions): Thing {
    const { clock, files, log, network } = this;
    const world = { clock, files, log, network, processes: bareMachine, random: new SystemRandom() };
    const thing = new Thing(options, world);
    this.things.push(thing);
    return thing;
  }

  /** Starts a thing and answers its registration; `owner` if it is claimed already. */
  async online(thing: Thing, owner?: string): Promise<void> {
    const started = thing.start();
    await this.register(owner);
    await started;
    await this.hub.receives('<presence/>');
  }

  /** Answers the thing's registration. */
  async register(owner?: string): Promise<Element> {
    const iq = await this.hub.receives(`<iq type="set" to="${HUB}"><register xmlns="${DISCO}"/></iq>`);
    const claimed = owner === undefined ? '' : `<claimed xmlns="${DISCO}" jid="${owner}" public="true"/>`;
    this.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}">${claimed}</iq>`);
    return iq;
  }

  /** The thing's next event of this name. */
  next<Name extends keyof ThingEvents>(thing: Thing, name: Name): Promise<ThingEvents[Name]> {
    return new Promise((resolve) => {
      const off = thing.on(name, (event) => {
        off();
        resolve(event);
      });
    });
  }

  /** The hub answers the thing's next canRead or canControl about `jid` with attributes and children, and returns it. */
  async answerMay(
    kind: 'Read' | 'Control',
    jid: string,
    attributes: string,
    children = '',
  ): Promise<Element> {
    const iq = await this.hub.receives(
      `<iq type="get" to="${HUB}"><can${kind} xmlns="${PROV}" jid="${jid}"/></iq>`,
    );
    const answer = `<can${kind}Response xmlns="${PROV}" jid="${jid}" ${attributes}>${children}</can${kind}Response>`;
    this.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}">${answer}</iq>`);
    return iq;
  }

  /** Resolves once the thing has worked off what came before. */
  async settle(): Promise<void> {
    const id = `settle${this.settled++}`;
    this.hub.sends(`<iq type="get" from="${HUB}" to="{jid}" id="${id}"><ping xmlns="urn:xmpp:ping"/></iq>`);
    await this.hub.receives(`<iq type="result" id="${id}"/>`);
  }

  /** The hub answers the thing's next question about `jid`. */
  async answerIsFriend(jid: string, result: boolean): Promise<void> {
    const iq = await this.hub.receives(
      `<iq type="get" to="${HUB}"><isFriend xmlns="${PROV}" jid="${jid}"/></iq>`,
    );
    const answer = `<isFriendResponse xmlns="${PROV}" jid="${jid}" result="${result}"/>`;
    this.hub.sends(`<iq type="result" from="${HUB}" to="{jid}" id="${iq.attribute('id')}">${answer}</iq>`);
  }
}

function lamp(brightness: { value: number }): ThingOptions {
  const set = (value: number): void => {
    brightness.value = value;
  };
  return {
    kind: 'lamp',
    folder: '/var/lib/lamp',
    tags: { SN: '0042', V: 1.2 },
    server: { host: '192.0.2.1', port: 5222 },
    fields: [
      { name: 'Power', unit: 'W', decimals: 1, read: () => 7.25 },
      { name: 'Serial', kind: 'identity', read: () => '0042' },
      { name: 'Broken', kind: 'status', read: () => Promise.reject(new Error('no sensor')) },
    ],
    parameters: [{ name: 'Brightness', type: 'int', min: 0, max: 100, get: () => brightness.value, set }],
  };
}
