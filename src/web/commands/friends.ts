import type { FriendReport } from '../../domain/admin-provisioning.js';
import type { RosterItem } from '../../domain/roster-item.js';
import type { Rule } from '../../domain/rule.js';
import type { Admin } from '../admin.js';
import type { Commands } from '../command.js';
import { OwnerView } from '../owner-view.js';
import { addressOf, byOwner, MAX_PAGE, optional, PAGE } from '../request-parts.js';
import { subjectWords } from '../subject-words.js';

/** Who is a friend of what, or may be. */
export const friendCommands: Commands<'friends'> = {
  friends: {
    read: (body) => ({
      ...optional('thing', body.optionalText('thing')),
      offset: body.whole('offset', 0, 0),
      limit: body.whole('limit', 1, PAGE, MAX_PAGE),
      ...byOwner(body),
    }),
    run: (admin, { thing, owner, offset = 0, limit = PAGE }) => {
      const view = new OwnerView(admin, owner);
      const devices = thing === undefined ? allDevices(admin, view) : [deviceOf(admin, view, thing)];
      const rules = friendRules(admin);
      const all = devices.flatMap((device) => friendsOf(admin, device, rules.get(device) ?? []));
      return { friends: all.slice(offset, offset + limit), more: all.length > offset + limit };
    },
  },
};

function allDevices({ things }: Admin, view: OwnerView): string[] {
  const seen = [...things.all()].filter((thing) => view.shows(thing));
  return [...new Set(seen.map(({ jid }) => jid))].sort();
}

function deviceOf(admin: Admin, view: OwnerView, text: string): string {
  const address = addressOf(text);
  if (!admin.things.of(address.jid).some((thing) => view.shows(thing))) throw view.noSuchThing(address);
  return address.jid;
}

function friendRules({ rules }: Admin): Map<string, Rule[]> {
  const byDevice = new Map<string, Rule[]>();
  for (const rule of rules.all()) {
    if (rule.kind !== 'friend') continue;
    const known = byDevice.get(rule.thing.jid);
    if (known === undefined) byDevice.set(rule.thing.jid, [rule]);
    else known.push(rule);
  }
  return byDevice;
}

/** Its owners, those in its roster, and those whom rules name; the hub itself goes without saying. */
function friendsOf(admin: Admin, device: string, rules: readonly Rule[]): FriendReport[] {
  const contacts = new Map(admin.devices.contacts(device).map((item) => [item.jid, item]));
  const owners = admin.things.of(device).flatMap(({ owner }) => owner ?? []);
  const named = rules.flatMap(({ subject }) => (subject.kind === 'jid' ? [subject.jid] : []));
  const jids = [...new Set([...owners, ...contacts.keys(), ...named])];
  const others = jids.filter((jid) => !admin.friendships.isOwn(device, jid));
  const ranges = rules.filter(({ subject }) => subject.kind !== 'jid');
  return [
    ...others.map((jid) => friendReport(admin, device, jid, contacts.get(jid))),
    ...ranges.map((rule) => rangeReport(admin, rule)),
  ];
}

function friendReport(admin: Admin, device: string, jid: string, item: RosterItem | undefined): FriendReport {
  const { result, why } = admin.friendships.decide(device, jid);
  const { subscription = 'none' } = item ?? {};
  return {
    thing: device,
    thingConnected: admin.hub.connected(device),
    who: jid,
    friend: { jid, connected: admin.hub.connected(jid) },
    state: subscription === 'both' ? 'friends' : subscription === 'none' ? 'not yet' : 'one-sided',
    allowed: result === 'yes',
    why,
  };
}

function rangeReport(admin: Admin, rule: Rule): FriendReport {
  const { thing, subject, allow, id } = rule;
  return {
    thing: thing.jid,
    thingConnected: admin.hub.connected(thing.jid),
    who: subjectWords(admin, subject),
    state: 'not yet',
    allowed: allow && admin.hub.moment().standing(rule) === 'holds',
    why: `rule ${id}`,
  };
}
