import type { AddRule, DecisionReport } from '../../domain/admin-provisioning.js';
import { HubError } from '../../domain/errors.js';
import { deviceAddress, formatAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { Rule } from '../../domain/rule.js';
import type { Admin } from '../admin.js';
import type { Commands } from '../command.js';
import { noSuchThing } from '../known-thing.js';
import { OwnerView } from '../owner-view.js';
import { readSubject } from '../read-subject.js';
import { matters, ruleReport, ruleReports } from '../reports.js';
import { addressOf, byOwner, optional } from '../request-parts.js';
import { readScope, scopeArguments } from '../scope.js';

const KINDS = ['friend', 'read', 'control'] as const;

/** The rules, whether a question led to them or not. */
export const ruleCommands: Commands<'rules' | 'rules-add' | 'rules-remove'> = {
  rules: {
    read: (body) => {
      const kind = body.optionalWord('kind', KINDS);
      return {
        ...optional('thing', body.optionalText('thing')),
        ...(kind !== undefined && { kind }),
        ...byOwner(body),
      };
    },
    run: (admin, { thing, kind, owner }) => {
      const address = thing === undefined ? undefined : addressOf(thing);
      const view = new OwnerView(admin, owner);
      const wanted = (rule: Rule) =>
        view.showsRule(rule) &&
        (address === undefined || matters(rule, address)) &&
        (kind === undefined || rule.kind === kind);
      return { rules: ruleReports(admin, wanted) };
    },
  },
  'rules-add': {
    read: (body) => ({
      thing: body.text('thing'),
      kind: body.word('kind', KINDS),
      who: body.text('who'),
      deny: body.flag('deny'),
      ...scopeArguments(body),
      ...byOwner(body),
    }),
    run: add,
  },
  'rules-remove': {
    read: (body) => ({ id: body.text('id'), ...byOwner(body) }),
    run: async ({ removeRule, rules, owners }, request) => {
      const by = rules.get(request.id)?.by;
      await removeRule.run(request.id, owners.actingOwner(request.owner ?? by));
      return {};
    },
  },
};

async function add(admin: Admin, request: AddRule): Promise<DecisionReport> {
  const { kind, deny = false } = request;
  const thing = addressOf(request.thing);
  const subject = readSubject(admin, request.who);
  const token = subject.kind === 'service' || subject.kind === 'device' || subject.kind === 'user';
  if (kind === 'friend' && token)
    throw new HubError('bad-request', 'Friendship goes by addresses, not by tokens.');
  if (kind === 'friend' && !sameAddress(thing, deviceAddress(thing.jid)))
    throw new HubError('bad-request', `Friendship is with the whole account: ${thing.jid}`);
  const { nodes = [thing], ...parts } = readScope(admin, kind, thing.jid, request);
  const [first, ...more] = nodes;
  if (first === undefined) throw new HubError('bad-request', 'The rule names no node.');
  const [only, ...others] = new Set(ownersOf(admin, first));
  const owner = admin.owners.actingOwner(request.owner ?? (others.length === 0 ? only : undefined));
  // Checked before the first rule is made: each is a transaction of its own.
  for (const node of nodes) {
    const its = ownersOf(admin, node);
    if (deny && subject.kind === 'jid' && its.includes(subject.jid))
      throw new HubError('bad-request', `${subject.jid} owns ${formatAddress(node)}; no rule shuts him out.`);
    if (its.length > 0 && !its.includes(owner))
      throw new HubError('item-not-found', `${formatAddress(node)} is not yours. See: hearth things`);
  }
  const draft = { kind, subject, allow: !deny, ...parts };
  const rule = await admin.book.run({ ...draft, thing: first }, owner);
  for (const node of more) await admin.book.run({ ...draft, thing: node }, owner);
  return { ...ruleReport(admin, rule), things: nodes.map(formatAddress) };
}

/**
 * Who decides about a thing: its owner, that of the device for a node that nobody owns, those of all that is behind it for
 * a device that nobody owns. Nobody in particular where they may not own any more. Refuses with item-not-found.
 */
function ownersOf(admin: Admin, address: NodeAddress): string[] {
  const { things, owners } = admin;
  const behind = things.of(address.jid);
  const device = deviceAddress(address.jid);
  const ownerAt = (place: NodeAddress) => behind.find((node) => sameAddress(node, place))?.owner;
  const all = sameAddress(address, device) ? behind.flatMap(({ owner }) => owner ?? []) : [];
  const decider = ownerAt(address) ?? ownerAt(device);
  const deciders = decider === undefined ? all : [decider];
  const isThere = sameAddress(address, device) || behind.some((node) => sameAddress(node, address));
  if (behind.length === 0 || (deciders.length === 0 && !isThere)) throw noSuchThing(admin, address);
  if (deciders.length === 0) {
    const text = `Nobody owns ${formatAddress(address)} yet. Claim it first: hearth claim CODE`;
    throw new HubError('item-not-found', text);
  }
  return deciders.filter((owner) => owners.mayOwn(owner));
}
