import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkRights } from '../../../src/domain/assurance.js';
import {
  type Caller,
  type HubOperation,
  hubOperations,
  type Operations,
} from '../../../src/domain/command.js';
import { things } from '../../../src/storage/keys.js';
import { HUB } from '../core-stage.js';
import { ANNA, openTrust, outcome, print } from './stage.js';

const LAMP = 'lamp@desk';
const DESK = 'desk@desk';
const LIMITS = ['limits.linkRegistrationsPerMinute=100000'];
const NEEDS = { account: 'account-needed', certificate: 'certificate-needed' } as const;

const node = { nodeId: '', sourceId: '', cacheType: '' };
const about = { device: LAMP, remote: 'eve@desk', key: 'key', allow: true };
const tokens = { service: [], device: [], user: [] };
const access = { serviceToken: 'token', userToken: 'token', userName: 'eve' };
const keyOf = (jid: string) => [{ name: 'KEY', value: `key of ${jid}` }];

/** Something that each operation could be asked for, about the lamp where it is about a thing. */
const commands: { readonly [Name in HubOperation]: Operations[Name]['command'] } = {
  register: { node, selfOwned: false, tags: keyOf(LAMP), generation: 'nf' },
  claim: { tags: keyOf(LAMP), public: true },
  update: { node, tags: [{ name: 'ROOM', value: 'cellar' }] },
  remove: { thing: { jid: LAMP, ...node } },
  disown: { thing: { jid: LAMP, ...node } },
  unregister: { node },
  search: { offset: 0, maxCount: 10, operators: [] },
  'is-friend': { jid: 'eve@desk' },
  'can-read': { jid: 'eve@desk', tokens, categories: [], nodes: [], fields: [] },
  'can-control': { jid: 'eve@desk', tokens, nodes: [], parameters: [], spelling: 'long' },
  'get-token': { certificate: 'MAA=' },
  'answer-challenge': { seqnr: 1, response: 'MAA=' },
  'get-certificate': { token: 'token' },
  'can-access': { serviceToken: 'token', credentials: [], listed: true },
  'user-logged-in': access,
  'has-privilege': { ...access, privilegeId: 'Lamp.Switch' },
  'download-privileges': access,
  'friend-rule': { ...about, range: 'jid' },
  'read-rule': { ...about, origin: { kind: 'all' } },
  'control-rule': { ...about, origin: { kind: 'all' } },
  'clear-device-cache': { device: LAMP, node },
  'delete-rules': { device: LAMP, node },
  'list-devices': { offset: 0, maxCount: 10 },
  'pending-friends': {},
  'friend-states': { items: [{ jid: 'eve@desk', friend: true }] },
};

type Stage = Awaited<ReturnType<typeof openTrust>>;

/** Asks for an operation; the code of the refusal, or `done`. */
function ask(stage: Stage, operation: HubOperation, caller: Caller): Promise<string> {
  const run = stage.services[operation] as (command: unknown, caller: Caller) => unknown;
  return outcome(() => run(commands[operation], caller));
}

/** All records but the audit, counters and what the store keeps for itself: what the hub knows and owes to others. */
async function records(stage: Stage): Promise<string> {
  await stage.written();
  const lines: string[] = [];
  for await (const slice of stage.memory.scan({ from: '', to: '\uffff' }))
    for (const [key, raw] of slice) if (!/^[aims]!/.test(key)) lines.push(`${key} ${raw}`);
  return lines.join('\n');
}

/** A stage where the lamp on the link waits for an owner, or is Anna's. */
async function withLamp(claimed: boolean, certificate?: string): Promise<Stage> {
  const stage = await openTrust({ settings: LIMITS });
  await stage.register(stage.peer(LAMP, certificate));
  await stage.register(stage.peer(DESK));
  if (claimed) await stage.claim(LAMP);
  return stage;
}

describe('one known by name alone', () => {
  it.each(hubOperations)(
    'gets of %s what the table says, of his own thing that waits and that is owned',
    async (operation) => {
      const { unverified, pinned } = linkRights[operation];
      const needs = pinned ? NEEDS.certificate : NEEDS.account;
      for (const claimed of [false, true]) {
        const stage = await withLamp(claimed);
        const before = await records(stage);
        const became = await ask(stage, operation, stage.peer(LAMP));
        if (unverified === 'never' || (unverified === 'unclaimed' && claimed)) {
          expect([operation, claimed, became]).toEqual([operation, claimed, needs]);
          expect(await records(stage)).toBe(before);
        } else expect([operation, claimed, became]).toEqual([operation, claimed, 'done']);
      }
    },
  );

  it.each(hubOperations)('abuse 57: gets nothing of %s under the name of an owner', async (operation) => {
    const stage = await openTrust({ settings: LIMITS, trusted: ['carl@example.org'] });
    await stage.register(stage.peer(LAMP));
    await stage.claim(LAMP);
    const before = await records(stage);
    for (const jid of [ANNA, 'carl@example.org', HUB])
      for (const assurance of ['unverified', 'certificate'] as const) {
        const caller = { jid, assurance, certificate: print('e'), hub: HUB, dialect: 'nf' } as const;
        expect([jid, await ask(stage, operation, caller)]).toEqual([jid, 'forbidden']);
      }
    expect(await records(stage)).toBe(before);
  });

  it('is not its own owner, and not by registering anew either', async () => {
    const { register, peer, indexes, claim, store } = await openTrust();
    await expect(register(peer(LAMP), 'key', true)).rejects.toThrow('nobody is an owner');
    expect(indexes.things.count).toBe(0);
    await register(peer(LAMP));
    await claim(LAMP);
    expect(await register(peer(LAMP), 'other key', true)).toMatchObject({ owner: ANNA });
    expect((await store.get(things, { jid: LAMP, ...node }))?.tags).toEqual([]);
  });

  it('takes nothing of a thing that owns itself with a certificate', async () => {
    const stage = await openTrust();
    await stage.register(stage.peer(LAMP, print('a')), 'key', true);
    const before = await records(stage);
    for (const operation of hubOperations)
      expect(await ask(stage, operation, stage.peer(LAMP))).toBe('wrong-certificate');
    await stage.read();
    expect(await records(stage)).toBe(before);
  });
});

describe('one with the pinned certificate', () => {
  it.each(hubOperations)('gets of %s what the table says', async (operation) => {
    for (const claimed of [false, true]) {
      const stage = await withLamp(claimed, print('a'));
      const became = await ask(stage, operation, stage.peer(LAMP, print('a')));
      if (linkRights[operation].pinned) expect(Object.values(NEEDS)).not.toContain(became);
      else expect([operation, became]).toEqual([operation, NEEDS.account]);
    }
  });
});

describe('peers on the link together', () => {
  const step = fc.record({
    operation: fc.constantFrom(...hubOperations),
    name: fc.constantFrom(LAMP, DESK, 'eve@desk', ANNA),
    certificate: fc.constantFrom(undefined, print('a'), print('b')),
  });

  it('never own, decide or hold anything, and never speak past a pin, whatever they ask in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, claimed) => {
        const stage = await withLamp(claimed);
        const pinned = new Map<string, string | undefined>();
        for (const { operation, name, certificate } of steps) {
          const pin = pinned.get(name);
          const became = await ask(stage, operation, stage.peer(name, certificate));
          if (name === ANNA) expect(became).toBe('forbidden');
          else if (pin !== undefined && pin !== certificate) expect(became).toBe('wrong-certificate');
          else if (linkRights[operation].unverified === 'never' && pin === undefined)
            expect(Object.values(NEEDS)).toContain(became);
          pinned.set(name, await stage.pinOf(name));
        }
        const { things, rules, tokens: held } = stage.indexes;
        for (const { jid, owner } of things.all())
          expect([jid, owner]).toEqual([jid, claimed && jid === LAMP ? ANNA : undefined]);
        if (claimed) expect(things.of(LAMP)).toHaveLength(1);
        expect([...rules.all()]).toEqual([]);
        expect([...held.all()]).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
