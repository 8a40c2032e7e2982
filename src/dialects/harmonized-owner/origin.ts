import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import type { Origin } from '../../domain/owner-commands.js';
import type { CallerRange } from '../../domain/rule.js';
import { type Element, element } from '../../xmpp/element.js';
import { tokenAttribute } from '../caller-tokens.js';
import { required } from '../read.js';

/** Elements that say to whom an answer applies, and what they mean. */
const ORIGINS = {
  fromJid: 'jid',
  fromDomain: 'domain',
  fromService: 'service-token',
  fromDevice: 'device-token',
  fromUser: 'user-token',
  all: 'all',
} as const satisfies Record<string, Origin['kind']>;

/** The same of answers on friendships, which have it in an attribute. */
const RANGES = { Caller: 'jid', Domain: 'domain', All: 'all' } as const satisfies Record<
  string,
  CallerRange['kind']
>;

/** Whether this element says to whom an answer applies. */
export function isOrigin({ name }: Element): boolean {
  return Object.hasOwn(ORIGINS, name);
}

/** The origin that an element says, of an answer about `remote`, a bare JID. */
export function readOrigin(child: Element, remote: string): Origin {
  const kind = ORIGINS[child.name as keyof typeof ORIGINS];
  if (kind === 'jid') return { kind, jid: remote };
  if (kind === 'domain') return { kind, domain: Jid.parse(remote).domain };
  if (kind === 'all') return { kind };
  return { kind, token: tokenAttribute(child, 'token') };
}

/** The origin as an element. Refuses with bad-request another caller or domain than the question's. */
export function writeOrigin(origin: Origin, remote: string, ns: string): Element {
  const name = Object.entries(ORIGINS).find(([, kind]) => kind === origin.kind)?.[0] ?? '';
  const other =
    (origin.kind === 'jid' && origin.jid !== remote) ||
    (origin.kind === 'domain' && origin.domain !== Jid.parse(remote).domain);
  if (other) throw new HubError('bad-request', 'An answer is about the caller of its question.');
  return element(name, ns, 'token' in origin ? { token: origin.token } : {});
}

/** The range of an answer about a friendship: the caller alone where nothing is said. */
export function readRange(payload: Element): CallerRange['kind'] {
  if (payload.attribute('range') === undefined) return 'jid';
  const range = required(payload, 'range');
  if (!Object.hasOwn(RANGES, range))
    throw new HubError('bad-request', 'The attribute "range" is Caller, Domain or All.');
  return RANGES[range as keyof typeof RANGES];
}

/** The range as an attribute, left out where it is the caller alone. */
export function writeRange(range: CallerRange['kind']): { readonly range: string | undefined } {
  if (range === 'jid') return { range: undefined };
  return { range: range === 'domain' ? 'Domain' : 'All' };
}
