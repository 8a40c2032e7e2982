import type { ThingDetail } from '../../domain/admin.js';
import type { Assurance } from '../../domain/command.js';
import { answering } from '../answering.js';
import { facts } from '../columns.js';
import type { Run } from '../command.js';
import { shortFingerprint } from '../fingerprint.js';
import { readableTime } from '../readable-time.js';
import { questionRow, ruleRow } from '../rows.js';
import type { Shell } from '../shell.js';
import { tagText } from '../tag-text.js';
import { asksForCode, showCode } from './thing-code.js';

/** `hearth things show ADDRESS` */
export const run: Run = (invocation, shell) =>
  asksForCode(invocation) ? showCode(invocation, shell) : details(invocation, shell);

const details = answering({
  operation: 'things-show',
  request: (invocation) => ({ address: invocation.required(0) }),
  show,
});

function show(thing: ThingDetail, shell: Shell): string {
  const now = shell.now();
  const claimed = thing.claimedAt === null ? '' : `, since ${readableTime(thing.claimedAt, now)}`;
  const rows: [string, string][] = [
    ['Address', thing.address],
    ['Owner', thing.owner === null ? 'nobody yet. Claim it with: hearth claim CODE' : thing.owner + claimed],
    ['Found by', foundBy(thing)],
    ['State', state(thing)],
    ...certificate(thing, now),
    ['Registered', readableTime(thing.registeredAt, now)],
    ['Tags', tagText(thing.tags)],
    ...thing.rules.map((rule): [string, string] => ['Rule', ruleRow(rule, now).slice(0, 3).join('  ')]),
    ...thing.questions.map((question): [string, string] => [
      'Question',
      questionRow(question, now).join('  '),
    ]),
  ];
  return facts(rows, shell);
}

/** How it is reached, and how sure the hub is that it is the thing. */
function state({ connected, reached, pin }: ThingDetail): string {
  if (!connected) return 'away';
  const [first] = reached;
  if (first === undefined) return 'connected';
  const isSilent = pin !== null && first.assurance === 'unverified';
  const sure = isSilent ? 'its certificate is looked at when it speaks' : SURE[first.assurance];
  return `connected ${WAYS[first.edge] ?? first.edge}, ${sure}`;
}

const WAYS: Readonly<Record<string, string>> = {
  c2s: 'to this hub',
  'link-local': 'on the link, without any server',
  uplink: "by this hub's account elsewhere",
  component: 'by the XMPP server of this machine',
};

const SURE: Record<Assurance, string> = {
  sasl: 'logged in',
  certificate: 'with its certificate',
  'server-vouched': 'as its server says',
  component: 'as that server says',
  unverified: 'known by its name alone',
  local: 'on this machine',
};

function certificate({ pin, address, certificateUnclear }: ThingDetail, now: number): [string, string][] {
  if (pin === null) {
    const offered = `none, but it shows one now. To hold it to that: hearth things trust ${address}`;
    return certificateUnclear ? [['Certificate', offered]] : [];
  }
  const rows: [string, string][] = [
    ['Certificate', `${shortFingerprint(pin.certificate)}, since ${readableTime(pin.since, now)}`],
  ];
  if (pin.refused.length === 0 && !certificateUnclear) return rows;
  if (pin.refused.length === 0) {
    const stay = `hearth things trust ${address} --fingerprint ${pin.certificate.slice(0, 16)}`;
    return [...rows, ['Refused', `somebody without a certificate. If the thing is fine: ${stay}`]];
  }
  const refused = pin.refused.map(shortFingerprint).join(', ');
  return [...rows, ['Refused', `${refused}. To take it instead: hearth things trust ${address}`]];
}

function foundBy({ owner, public: found, removed }: ThingDetail): string {
  if (owner === null) return 'nobody, until it is claimed';
  if (removed) return 'nobody: taken out of the registry. To bring it back: hearth claim ADDRESS';
  return found ? 'everybody' : 'nobody: it is private';
}
