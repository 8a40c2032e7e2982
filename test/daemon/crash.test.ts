import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ThingReport } from '../../src/domain/admin.js';
import { delay, SystemClock } from '../../src/system/clock.js';
import { SystemNetwork } from '../../src/system/network.js';
import { systemWorld } from '../../src/system/world.js';
import { openSession } from '../../src/thing/client/open-session.js';
import type { AccountSession } from '../../src/thing/client/session.js';
import { stanza } from '../exchange/pattern.js';
import { CollectedLog } from '../world/collected-log.js';
import { Daemon } from './daemon.js';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 5);
const NS = 'urn:nf:iot:disco:1.0';
const SETTINGS = [
  'name=pronto',
  'limits.thingRegistrationsPerMinute=1000000',
  'limits.thingsPerAccount=1000000',
  'limits.things=1000000',
];

/** What the hub acknowledged so far, over all rounds: nodes that registered, and those that are claimed. */
class Ledger {
  readonly registered = new Set<string>();
  readonly claimed = new Set<string>();
}

describe('kill -9 under load', () => {
  let data = '';
  let hub: Daemon;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'hearth-test-'));
    hub = await Daemon.start(data, SETTINGS);
    await hub.admin('accounts-add', { name: 'rack', password: 'rack-secret' });
    await hub.admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
  });

  afterAll(async () => {
    await hub?.kill();
    await rm(data, { recursive: true, force: true });
  });

  it(`${ROUNDS} rounds: no acknowledged registration or claim is lost, none is half done`, {
    timeout: 20_000 + ROUNDS * 4000,
  }, async () => {
    const ledger = new Ledger();
    for (let round = 0; round < ROUNDS; round++) {
      const rack = await session(hub, 'rack');
      const anna = await session(hub, 'anna');
      const loads = Array.from({ length: 8 }, (_, lane) => load(rack, anna, `${round}-${lane}`, ledger));
      // The moment wanders through start, steady load and the middle of batches.
      await delay(new SystemClock(), 20 + ((round * 37) % 300), 'crash');
      await hub.kill();
      await Promise.all(loads);
      hub = await Daemon.start(data, SETTINGS);
      await check(hub, ledger);
    }
    expect(ledger.registered.size).toBeGreaterThan(ROUNDS);
    expect(ledger.claimed.size).toBeGreaterThan(ROUNDS);
  });
});

async function session(hub: Daemon, name: string): Promise<AccountSession> {
  const { domain, server } = hub.ready;
  const connection = await new SystemNetwork().connect({ host: '127.0.0.1', port: server?.port ?? 0 });
  const opened = await openSession(
    connection,
    {
      domain,
      authority: undefined,
      account: { name, password: `${name}-secret` },
      create: 'never',
      resource: 'load',
    },
    systemWorld(new CollectedLog()),
  );
  opened.start({
    serves: () => true,
    receive: (reply, _to, from) => void opened.pending.settle(reply, from),
  });
  return opened;
}

/** Registers one node after another and claims each, until the hub is gone; writes down what it acknowledged. */
async function load(rack: AccountSession, anna: AccountSession, lane: string, ledger: Ledger): Promise<void> {
  for (let i = 0; ; i++) {
    const node = `${lane}-${i}`;
    const tags = `<str name='SN' value='${node}'/><str name='KEY' value='key of ${node}'/>`;
    try {
      await rack.ask(
        'set',
        'hub.pronto.local',
        stanza(`<register xmlns='${NS}' id='${node}'>${tags}</register>`),
      );
      ledger.registered.add(node);
      await anna.ask('set', 'hub.pronto.local', stanza(`<mine xmlns='${NS}'>${tags}</mine>`));
      ledger.claimed.add(node);
    } catch {
      // The hub was killed: what it did not acknowledge may be done or undone, but whole.
      return;
    }
  }
}

async function check(hub: Daemon, ledger: Ledger): Promise<void> {
  const status = await hub.admin('status', {});
  expect(status.state).toBe('ready');
  const things = await allThings(hub);
  const lost = [...ledger.registered].filter((node) => !things.has(node));
  const unowned = [...ledger.claimed].filter((node) => things.get(node)?.owner !== 'anna@pronto.local');
  expect({ lost, unowned }).toEqual({ lost: [], unowned: [] });
  // Whole: a claimed thing has its notices, and its index of claims finds it again for its owner.
  const owned = [...things].filter(([, { owner }]) => owner !== null);
  expect(status.counts.notices).toBe(2 * owned.length);
  for (const [node] of owned.slice(-20)) {
    const again = await hub.admin('claim', { code: `IoTDisco;SN:${node};KEY:key of ${node}` });
    expect(again.address).toBe(`rack@pronto.local#${node}`);
  }
}

async function allThings(hub: Daemon): Promise<Map<string, ThingReport>> {
  const all = new Map<string, ThingReport>();
  for (let offset = 0, more = true; more; offset += 100) {
    const page = await hub.admin('things', { offset, limit: 100 });
    for (const thing of page.things) all.set(thing.address.split('#')[1] ?? '', thing);
    more = page.more;
  }
  return all;
}
