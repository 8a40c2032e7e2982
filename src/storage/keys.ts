import type { Account } from '../domain/account.js';
import type { AuditEntry } from '../domain/audit.js';
import type { CertificateRecord, TokenRecord } from '../domain/certificate.js';
import type { DeviceSettings } from '../domain/device-settings.js';
import type { Manner } from '../domain/manner.js';
import { deviceAddress, type NodeAddress } from '../domain/node-address.js';
import type { Notice } from '../domain/notice.js';
import type { Pin } from '../domain/pin.js';
import type { Question } from '../domain/question.js';
import type { RosterItem } from '../domain/roster-item.js';
import type { Rule, RuleKind } from '../domain/rule.js';
import type { SeenPrivilege, Service, ServiceRole, ServiceUser, UserTokenRecord } from '../domain/service.js';
import type { Thing } from '../domain/thing.js';
import { joinKey, splitKey, type Table } from './table.js';
import { ThingText } from './thing-text.js';

/** Where a claim finds a thing. */
export interface ClaimKey {
  readonly hash: string;
  /** Bare JID; empty while nobody owns the thing. */
  readonly owner: string;
  readonly thing: NodeAddress;
}

/** A question's identity: one per thing, caller and kind. */
export interface QuestionKey {
  readonly thing: NodeAddress;
  readonly caller: string;
  readonly kind: RuleKind;
}

/** A roster item's identity. */
export interface RosterKey {
  readonly account: string;
  readonly jid: string;
}

/** The identity of something of a service: a role or a user by its name, a token by its hash, a privilege by its id. */
export interface ServiceKey {
  readonly service: string;
  readonly name: string;
}

/** A counter that survives restarts. */
export type CounterName = 'question' | 'notice' | 'audit' | 'rule';

const addressParts = (a: NodeAddress): string[] => [a.jid, a.sourceId, a.nodeId, a.cacheType];

/** How the key of a thing ends that is an account of its own. */
const DEVICE = '\u0000\u0000\u0000';

function addressFrom(parts: readonly string[]): NodeAddress {
  const [jid = '', sourceId = '', nodeId = '', cacheType = ''] = parts;
  return { jid, sourceId, nodeId, cacheType };
}

function thingAddress(text: string): NodeAddress {
  const end = text.length - DEVICE.length;
  // Most things are devices, and a start reads the addresses of all.
  const device = text.indexOf('\u0000') === end && text.endsWith(DEVICE) && !text.includes('\u0001');
  return device ? deviceAddress(text.slice(0, end)) : addressFrom(splitKey(text));
}

const number = (value: number): string => value.toString().padStart(16, '0');

const thingText = new ThingText();

/** t! bareJid, sourceId, nodeId, cacheType = the thing. */
export const things: Table<NodeAddress, Thing> = {
  name: 'things',
  prefix: 't!',
  encode: (key) => joinKey(addressParts(key)),
  decode: thingAddress,
  read: (text, from) => thingText.read(text, from),
};

/**
 * c! hex SHA-256 of the canonical tags, owner, thing = that a claim with these tags can mean the thing. Things that
 * nobody owns come first, so that a claim reads one of them however many have the same tags.
 */
export const claims: Table<ClaimKey, true> = {
  name: 'claims',
  prefix: 'c!',
  encode: (key) => joinKey([key.hash, key.owner, ...addressParts(key.thing)]),
  decode: (text) => {
    const [hash = '', owner = '', ...parts] = splitKey(text);
    return { hash, owner, thing: addressFrom(parts) };
  },
};

/** r! thing, kind, id = a rule. */
export const rules: Table<
  { readonly thing: NodeAddress; readonly kind: RuleKind; readonly id: string },
  Rule
> = {
  name: 'rules',
  prefix: 'r!',
  encode: (key) => joinKey([...addressParts(key.thing), key.kind, key.id]),
  decode: (text) => {
    const parts = splitKey(text);
    return { thing: addressFrom(parts), kind: (parts[4] ?? '') as RuleKind, id: parts[5] ?? '' };
  },
};

/** q! thing, caller, kind = a question that waits for its owner. */
export const questions: Table<QuestionKey, Question> = {
  name: 'questions',
  prefix: 'q!',
  encode: (key) => joinKey([...addressParts(key.thing), key.caller, key.kind]),
  decode: (text) => {
    const parts = splitKey(text);
    return { thing: addressFrom(parts), caller: parts[4] ?? '', kind: (parts[5] ?? '') as RuleKind };
  },
};

/** n! seq = a notice of the outbox. */
export const notices: Table<number, Notice> = {
  name: 'notices',
  prefix: 'n!',
  encode: number,
  decode: Number,
};

/** a! seq = a line of the audit. */
export const audits: Table<number, AuditEntry> = {
  name: 'audits',
  prefix: 'a!',
  encode: number,
  decode: Number,
};

/** u! name = a local account. */
export const accounts: Table<string, Account> = {
  name: 'accounts',
  prefix: 'u!',
  encode: (key) => key,
  decode: (text) => text,
};

/** l! account, contact = a roster item. */
export const rosters: Table<RosterKey, RosterItem> = {
  name: 'rosters',
  prefix: 'l!',
  encode: (key) => joinKey([key.account, key.jid]),
  decode: (text) => {
    const [account = '', jid = ''] = splitKey(text);
    return { account, jid };
  },
};

/** o! bareJid = how an owner's program talks, by which he last claimed or decided. */
export const ownerManners: Table<string, Manner> = {
  name: 'owner manners',
  prefix: 'o!',
  encode: (key) => key,
  decode: (text) => text,
};

/** k! hex SHA-256 of a token = who got it, for which certificate. */
export const tokens: Table<string, TokenRecord> = {
  name: 'tokens',
  prefix: 'k!',
  encode: (key) => key,
  decode: (text) => text,
};

/** x! hex SHA-256 of its DER = a certificate behind tokens, or one that an owner revoked. */
export const certificates: Table<string, CertificateRecord> = {
  name: 'certificates',
  prefix: 'x!',
  encode: (key) => key,
  decode: (text) => text,
};

/** g! bareJid = what its owner decided for this device, where it differs from the configuration. */
export const deviceSettings: Table<string, DeviceSettings> = {
  name: 'device settings',
  prefix: 'g!',
  encode: (key) => key,
  decode: (text) => text,
};

/** v! hex SHA-256 of its certificate = a service. */
export const services: Table<string, Service> = {
  name: 'services',
  prefix: 'v!',
  encode: (key) => key,
  decode: (text) => text,
};

/** w! service, name = a role of a service. */
export const serviceRoles = ofServices<ServiceRole>('service roles', 'w!');

/** y! service, name = a user of a service. */
export const serviceUsers = ofServices<ServiceUser>('service users', 'y!');

/** z! service, hex SHA-256 of a user token = whom the service got it for. */
export const userTokens = ofServices<UserTokenRecord>('user tokens', 'z!');

/** p! service, id = a privilege that a service asked about. */
export const seenPrivileges = ofServices<SeenPrivilege>('seen privileges', 'p!');

/** j! bareJid = the certificate that alone speaks under this name on the link. */
export const pins: Table<string, Pin> = {
  name: 'pins',
  prefix: 'j!',
  encode: (key) => key,
  decode: (text) => text,
};

/** f! bareJid, sourceId, nodeId, cacheType = when a thing that nobody owned last registered over the link. */
export const linkThings: Table<NodeAddress, number> = {
  name: 'link things',
  prefix: 'f!',
  encode: (key) => joinKey(addressParts(key)),
  decode: thingAddress,
};

/** i! name = the last number given by a counter. */
export const counters: Table<CounterName, number> = {
  name: 'counters',
  prefix: 'i!',
  encode: (key) => key,
  decode: (text) => text as CounterName,
};

/** Every table. The store's own records lie under `m!` (meta) and `s!` (one per batch: the chain). */
export const tables = [
  things,
  claims,
  rules,
  questions,
  notices,
  audits,
  accounts,
  rosters,
  ownerManners,
  deviceSettings,
  tokens,
  certificates,
  services,
  serviceRoles,
  serviceUsers,
  userTokens,
  seenPrivileges,
  pins,
  linkThings,
  counters,
] as const;

function ofServices<Value>(name: string, prefix: string): Table<ServiceKey, Value> {
  return {
    name,
    prefix,
    encode: (key) => joinKey([key.service, key.name]),
    decode: (text) => {
      const [service = '', own = ''] = splitKey(text);
      return { service, name: own };
    },
  };
}
