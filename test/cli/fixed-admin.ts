import type { Account } from '../../src/domain/account.js';
import type { AuditEntry } from '../../src/domain/audit.js';
import { encodeClaimCode } from '../../src/domain/claim-code.js';
import { Moment } from '../../src/domain/decision-time.js';
import { encodeDirectUri } from '../../src/domain/direct-uri.js';
import { HubError } from '../../src/domain/errors.js';
import type { Finding } from '../../src/domain/finding.js';
import { deviceAddress, type NodeAddress, sameAddress } from '../../src/domain/node-address.js';
import type { Question } from '../../src/domain/question.js';
import type { Rule } from '../../src/domain/rule.js';
import type { Thing } from '../../src/domain/thing.js';
import { Owners } from '../../src/services/owner/owners.js';
import type { Admin } from '../../src/web/admin.js';

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const NONE = { salt: '', iterations: 0, storedKey: '', serverKey: '' };

/** What this hub does not have; stories with the real one play it. */
function notHere(): never {
  throw new Error('this hub has no provisioning');
}

/** A hub as the commands see it, with a lamp that waits for its owner and a question about it. */
export class FixedAdmin implements Admin {
  readonly accountsByName = new Map<string, Account>();
  readonly entries: AuditEntry[] = [{ at, what: 'register', by: 'lamp@home.local', outcome: 'done' }];
  readonly followers = new Set<(entry: AuditEntry) => void>();
  /** What was asked of the services. */
  readonly asked: unknown[] = [];
  lamp: Thing = {
    ...deviceAddress('lamp@home.local'),
    tags: [
      { name: 'CLASS', value: 'lamp' },
      { name: 'KEY', value: 'sesame' },
      { name: 'V', value: 1.5 },
    ],
    public: true,
    generation: 'xmpp',
    hub: 'hub.home.local',
    claimHash: '',
    registeredAt: at,
  };
  question: Question = {
    number: 1,
    kind: 'friend',
    thing: deviceAddress('lamp@home.local'),
    caller: 'eve@home.local',
    owner: 'ann@home.local',
    askedAt: at,
    key: 'first',
  };
  ruleList: Rule[] = [];

  findings: Finding[] = [{ severity: 'ok', text: 'eth0: all is well.' }];

  readonly hub: Admin['hub'] = {
    ready: () => ({
      version: '1.2.3',
      domain: 'home.local',
      hub: 'hub.home.local',
      server: { host: 'home.local', port: 5222, tlsPort: 5223 },
      linkLocal: null,
      web: null,
      control: '/control.sock',
    }),
    since: at,
    damage: () => undefined,
    warnings: () => [],
    doctor: async () => this.findings,
    connections: () => 1,
    notices: () => 0,
    connected: (jid) => jid === 'lamp@home.local',
    reached: (jid) => (jid === 'lamp@home.local' ? [{ edge: 'c2s', assurance: 'sasl' }] : []),
    moment: () => new Moment(at, true),
    time: () => at,
  };
  readonly owners = new Owners(
    () =>
      [...this.accountsByName.values()]
        .filter(({ role }) => role === 'owner')
        .map(({ name }) => `${name}@home.local`),
    [],
  );
  readonly claim: Admin['claim'] = {
    run: async (command, caller) => {
      this.asked.push({ command, caller });
      if (!command.tags.some(({ value }) => value === 'sesame')) throw new HubError('item-not-found');
      this.lamp = { ...this.lamp, owner: caller.jid, public: command.public, claimedAt: at };
      return { thing: deviceAddress('lamp@home.local'), public: command.public };
    },
    again: async (thing, isPublic, caller) => {
      this.asked.push({ command: { thing, public: isPublic }, caller });
      const { removed: _, ...kept } = this.lamp;
      this.lamp = { ...kept, public: isPublic };
      return { thing, public: isPublic };
    },
  };
  /** Searches find the lamp where one of their readings asks for a text. */
  readonly search: Admin['search'] = {
    run: (command, caller) => {
      this.asked.push({ command, caller });
      const found = command.operators.some(({ kind }) => kind.startsWith('str'));
      const { tags, owner = '' } = this.lamp;
      return { more: false, things: found ? [{ thing: deviceAddress('lamp@home.local'), owner, tags }] : [] };
    },
  };
  readonly update: Admin['update'] = {
    run: async (command, caller) => {
      this.asked.push({ command, caller });
      this.lamp = { ...this.lamp, tags: command.tags };
      return { disowned: false };
    },
  };
  readonly remove: Admin['remove'] = {
    run: async (command, caller) => {
      this.asked.push({ command, caller });
      this.lamp = { ...this.lamp, removed: true };
      return undefined;
    },
  };
  /** Whether the lamp acknowledges that it is disowned. */
  acknowledges = true;
  readonly disown: Admin['disown'] = {
    run: async (command, caller) => {
      this.asked.push({ command, caller });
      if (!this.acknowledges) throw new HubError('not-allowed', 'The thing is not connected.');
      const { owner: _, claimedAt: __, ...rest } = this.lamp;
      this.lamp = { ...rest, tags: [], public: false };
      return undefined;
    },
  };
  readonly claimCode: Admin['claimCode'] = {
    run: async (address, by) => {
      this.asked.push({ address, by });
      if (!sameAddress(address, this.lamp)) throw new HubError('item-not-found');
      return this.lamp.owner === undefined
        ? { kind: 'claim', code: encodeClaimCode(this.lamp.tags, 'hub.home.local') }
        : { kind: 'direct', code: encodeDirectUri(address, 'hub.home.local') };
    },
  };
  readonly decide: Admin['decide'] = {
    run: async (command, owner) => {
      this.asked.push({ command, owner });
      const { kind, thing, caller } = this.question;
      const subject =
        command.range === 'all' ? { kind: 'all' as const } : { kind: 'jid' as const, jid: caller };
      const rule: Rule = { id: '7', kind, thing, subject, allow: command.allow, by: owner, createdAt: at };
      this.ruleList.push(rule);
      return { question: this.question, rule };
    },
  };
  readonly removeRule: Admin['removeRule'] = {
    run: async (id, owner) => {
      this.asked.push({ id, owner });
      if (!this.ruleList.some((rule) => rule.id === id)) throw new HubError('rule-not-found');
      this.ruleList = this.ruleList.filter((rule) => rule.id !== id);
    },
  };
  readonly things: Admin['things'] = {
    count: 1,
    unclaimed: 1,
    all: () => [this.lamp],
    get: (address) => (sameAddress(address, this.lamp) ? this.lamp : undefined),
    of: (jid) => (jid === this.lamp.jid ? [this.lamp] : []),
  };
  async thing(address: NodeAddress): Promise<Thing | undefined> {
    return sameAddress(address, this.lamp) ? this.lamp : undefined;
  }
  readonly questions = { all: () => [this.question] };
  readonly rules = {
    all: () => this.ruleList,
    get: (id: string) => this.ruleList.find((rule) => rule.id === id),
  };
  readonly book: Admin['book'] = { run: notHere };
  readonly explain: Admin['explain'] = { run: notHere };
  readonly friendships: Admin['friendships'] = { decide: notHere, isOwn: notHere };
  readonly devices: Admin['devices'] = {
    set: { run: notHere },
    befriend: { run: notHere },
    settings: { get: () => ({}), defaults: { guard: false, secondaryTrust: false } },
    contacts: () => [],
  };
  readonly trust: Admin['trust'] = {
    peer: { run: notHere, forget: notHere },
    pinOf: () => undefined,
    refusedOf: () => ({ certificates: [], inClear: false }),
    refusedNames: () => [],
  };
  readonly tokens: Admin['tokens'] = {
    known: { all: () => [] },
    certificates: { all: () => [], get: () => undefined },
    revoke: { run: notHere },
    remove: { run: notHere },
    identityOf: () => undefined,
  };
  readonly services: Admin['services'] = {
    known: { all: () => [], get: () => undefined, find: () => undefined },
    list: { run: () => [], show: () => undefined, overlooked: notHere },
    edit: { run: notHere },
  };
  readonly accounts: Admin['accounts'] = {
    domain: 'home.local',
    list: { run: () => [...this.accountsByName.values()] },
    create: {
      run: async ({ name, role, password, from }) => {
        if (this.accountsByName.has(name)) throw new HubError('conflict');
        const scram = { 'SHA-1': NONE, 'SHA-256': NONE };
        const account: Account = { name, role, scram, createdAt: at, createdFrom: from };
        this.accountsByName.set(name, account);
        return { account, password: password === undefined ? 'generated' : undefined };
      },
    },
    remove: {
      run: async (name) => {
        if (!this.accountsByName.delete(name)) throw new HubError('account-not-found');
      },
    },
    changePassword: {
      run: async (name, password) => {
        if (!this.accountsByName.has(name)) throw new HubError('account-not-found');
        this.asked.push({ name, password });
        return { generated: password === undefined ? 'generated' : undefined, key: 'key' };
      },
    },
    setupCode: { issue: () => ({ code: 'ABCD-EFGH', expiresAt: at + 900_000 }) },
  };
  readonly audit: Admin['audit'] = {
    last: (count) => this.entries.slice(-count),
    follow: (follower) => {
      this.followers.add(follower);
      return () => this.followers.delete(follower);
    },
  };
}
