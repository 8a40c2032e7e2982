import { isPlace } from './credential-area.js';
import type { CredentialCondition } from './credential-condition.js';
import { readRange } from './credential-network.js';
import { shorten } from './discovery-text.js';
import { HubError } from './errors.js';
import { bareJid, Jid } from './jid.js';

/** A condition as an owner writes it; the hub keeps tokens of single sign on by their hashes only. */
export type ConditionDraft =
  | Exclude<CredentialCondition, { readonly kind: 'sso' }>
  | { readonly kind: 'sso'; readonly token: string };

/** Longest condition, in characters. */
const LONGEST = 1024;

/** The protocols by which users reach services [0324 schema, ProtocolName]. */
const PROTOCOLS = ['XMPP', 'HTTP', 'HTTPS', 'TcpSocket', 'UdpSocket', 'Queue', 'Internal', 'Other'];

const THUMBPRINT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const HOST = /^(?:\*\.)?[^\s/@:*.]+(?:\.[^\s/@:*.]+)*$/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** What each kind of condition is written as, and how it is read; `undefined` for what is none. */
const FORMS: Readonly<Record<string, readonly [string, (value: string) => ConditionDraft | undefined]>> = {
  jid: ['jid=anna@example.org or jid=*@example.org', readJid],
  domain: ['domain=example.org', (value) => ({ kind: 'domain', domain: Jid.of('', value).bare })],
  ip: ['ip=10.0.0.0/8', (range) => (readRange(range) === undefined ? undefined : { kind: 'ip', range })],
  host: ['host=pc.example.org or host=*.example.org', readHost],
  certificate: ['certificate=THUMBPRINT, in hex', (value) => readThumbprint('certificate', value)],
  thumbprint: ['thumbprint=THUMBPRINT, in hex', (value) => readThumbprint('thumbprint', value)],
  user: ['user=NAME', (name) => ({ kind: 'user', name })],
  sso: ['sso=TOKEN', (token) => ({ kind: 'sso', token })],
  protocol: [`protocol=${PROTOCOLS.join(' or ')}`, readProtocol],
  box: ['box=SOUTH,WEST,NORTH,EAST, in degrees', readBox],
  circle: ['circle=LATITUDE,LONGITUDE,METRES', readCircle],
  altitude: ['altitude=MIN..MAX, in metres; either may be absent', readAltitude],
};

/** Reads conditions such as `ip=10.0.0.0/8`. Throws bad-request, saying how the one that is wrong is written. */
export function readConditions(texts: readonly string[]): ConditionDraft[] {
  return texts.map(readCondition);
}

/** The same condition as text; a token of single sign on is not told. */
export function formatCondition(condition: CredentialCondition): string {
  switch (condition.kind) {
    case 'jid':
      return `jid=${condition.jid}`;
    case 'jid-mask':
      return `jid=${condition.mask}`;
    case 'domain':
      return `domain=${condition.domain}`;
    case 'ip':
      return `ip=${condition.range}`;
    case 'host':
    case 'user':
      return `${condition.kind}=${condition.name}`;
    case 'certificate':
    case 'thumbprint':
      return `${condition.kind}=${condition.thumbprint}`;
    case 'sso':
      return 'sso=(secret)';
    case 'protocol':
      return `protocol=${condition.protocol}`;
    default:
      return formatPlace(condition);
  }
}

/** A whole rule as a person reads it. */
export function formatConditions(conditions: readonly CredentialCondition[]): string {
  return conditions.length === 0 ? 'everybody' : conditions.map(formatCondition).join(' and ');
}

function formatPlace(
  condition: Extract<CredentialCondition, { kind: 'box' | 'circle' | 'altitude' }>,
): string {
  switch (condition.kind) {
    case 'box':
      return `box=${condition.south},${condition.west},${condition.north},${condition.east}`;
    case 'circle':
      return `circle=${condition.latitude},${condition.longitude},${condition.metres}`;
    default:
      return `altitude=${condition.min ?? ''}..${condition.max ?? ''}`;
  }
}

function readCondition(text: string): ConditionDraft {
  const [, kind = '', value = ''] = /^([a-z]+)=(.+)$/su.exec(text) ?? [];
  const form = Object.hasOwn(FORMS, kind) ? FORMS[kind] : undefined;
  if (form === undefined)
    throw refusal(shorten(text), `A condition is one of ${Object.keys(FORMS).join('=, ')}=, with a value.`);
  const [example, read] = form;
  const condition = text.length > LONGEST ? undefined : attempt(() => read(value));
  // The token of a single sign on is not for anybody to read.
  if (condition === undefined)
    throw refusal(kind === 'sso' ? 'sso=…' : shorten(text), `Write it as ${example}.`);
  return condition;
}

/** Addresses that are none are refused with the form of the condition, as all else. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof HubError) return undefined;
    throw error;
  }
}

function refusal(text: string, why: string): HubError {
  return new HubError('bad-request', `"${text}" is no condition. ${why}`);
}

function readJid(value: string): ConditionDraft {
  if (value.includes('*')) return { kind: 'jid-mask', mask: value.toLowerCase() };
  return { kind: 'jid', jid: bareJid(value) };
}

function readHost(value: string): ConditionDraft | undefined {
  return value.length <= 253 && HOST.test(value) ? { kind: 'host', name: value.toLowerCase() } : undefined;
}

/** Colons and spaces are how other programs part the bytes. */
function readThumbprint(kind: 'certificate' | 'thumbprint', value: string): ConditionDraft | undefined {
  const thumbprint = value.replaceAll(/[:\s]/g, '').toLowerCase();
  return THUMBPRINT.test(thumbprint) ? { kind, thumbprint } : undefined;
}

function readProtocol(protocol: string): ConditionDraft | undefined {
  return PROTOCOLS.includes(protocol) ? { kind: 'protocol', protocol } : undefined;
}

function readBox(value: string): ConditionDraft | undefined {
  const [south, west, north, east, ...more] = numbers(value);
  if (south === undefined || west === undefined || north === undefined || east === undefined)
    return undefined;
  const right =
    isPlace({ latitude: south, longitude: west }) && isPlace({ latitude: north, longitude: east });
  return right && south <= north && more.length === 0 ? { kind: 'box', south, west, north, east } : undefined;
}

function readCircle(value: string): ConditionDraft | undefined {
  const [latitude, longitude, metres, ...more] = numbers(value);
  if (latitude === undefined || longitude === undefined || metres === undefined) return undefined;
  const right = isPlace({ latitude, longitude }) && metres >= 0 && more.length === 0;
  return right ? { kind: 'circle', latitude, longitude, metres } : undefined;
}

function readAltitude(value: string): ConditionDraft | undefined {
  const [lower = '', upper = '', ...more] = value.split('..');
  const ends = [lower, upper].filter((end) => end !== '');
  if (more.length > 0 || ends.length === 0 || !ends.every((end) => NUMBER.test(end))) return undefined;
  const min = lower === '' ? {} : { min: Number(lower) };
  const max = upper === '' ? {} : { max: Number(upper) };
  if (ends.length === 2 && Number(lower) > Number(upper)) return undefined;
  return { kind: 'altitude', ...min, ...max };
}

function numbers(value: string): number[] {
  const parts = value.split(',');
  return parts.every((part) => NUMBER.test(part)) ? parts.map(Number) : [];
}
