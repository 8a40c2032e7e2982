import type { AdminOperations, ListThings, ThingDetail } from '../../domain/admin.js';
import { formatAddress } from '../../domain/node-address.js';
import { publicTags } from '../../domain/tag.js';
import type { KnownThing } from '../../domain/thing.js';
import type { Admin } from '../admin.js';
import type { Commands } from '../command.js';
import { firstInOrder } from '../first-in-order.js';
import { OwnerView } from '../owner-view.js';
import { isoTime, matters, pinReport, questionReport, ruleReports, thingReport } from '../reports.js';
import { addressOf, byOwner, MAX_PAGE, optional, PAGE } from '../request-parts.js';

/** The things that the hub knows, whoever may find them. */
export const thingCommands: Commands<'things' | 'things-show'> = {
  things: {
    read: (body) => ({
      ...byOwner(body),
      unclaimed: body.flag('unclaimed'),
      private: body.flag('private'),
      public: body.flag('public'),
      removed: body.flag('removed'),
      away: body.flag('away'),
      ...optional('match', body.optionalText('match')),
      offset: body.whole('offset', 0, 0),
      limit: body.whole('limit', 1, PAGE, MAX_PAGE),
    }),
    run: list,
  },
  'things-show': { read: (body) => ({ address: body.text('address'), ...byOwner(body) }), run: show },
};

function list(
  admin: Admin,
  request: AdminOperations['things']['request'],
): AdminOperations['things']['answer'] {
  const { things, hub } = admin;
  const { offset = 0, limit = PAGE } = request;
  const wanted = filterOf(request, hub.connected);
  const page = firstInOrder(things.all(), { wanted, keyOf: formatAddress, count: offset + limit });
  return {
    things: page.first.slice(offset).map((thing) => thingReport(admin, thing, request.public !== true)),
    more: page.more,
  };
}

/** Whether a thing fits every filter of the request. */
function filterOf(request: ListThings, connected: (jid: string) => boolean): (thing: KnownThing) => boolean {
  const text = request.match?.toLowerCase() ?? '';
  return (thing) =>
    (request.owner === undefined || thing.owner === request.owner) &&
    (!request.unclaimed || thing.owner === undefined) &&
    (!request.private || (thing.owner !== undefined && !thing.public)) &&
    (!request.public || isFound(thing)) &&
    (!request.removed || thing.removed === true) &&
    (!request.away || !connected(thing.jid)) &&
    (text === '' || textsOf(thing).some((candidate) => candidate.toLowerCase().includes(text)));
}

function isFound({ owner, public: found, removed }: KnownThing): boolean {
  return owner !== undefined && found && removed !== true;
}

function textsOf(thing: KnownThing): string[] {
  const tags = publicTags(thing.tags).flatMap(({ name, value }) => [name, String(value)]);
  return [formatAddress(thing), thing.owner ?? '', ...tags];
}

/** Of another owner's thing one sees what a search tells, and not who else may do what with it. */
async function show(admin: Admin, request: AdminOperations['things-show']['request']): Promise<ThingDetail> {
  const { hub, questions } = admin;
  const address = addressOf(request.address);
  const view = new OwnerView(admin, request.owner);
  const thing = await admin.thing(address);
  if (thing === undefined || !(view.shows(thing) || isFound(thing))) throw view.noSuchThing(address);
  return {
    ...thingReport(admin, thing, view.shows(thing)),
    registeredAt: isoTime(thing.registeredAt),
    claimedAt: thing.claimedAt === undefined ? null : isoTime(thing.claimedAt),
    reached: hub.reached(thing.jid),
    pin: view.shows(thing) ? pinReport(admin, thing.jid) : null,
    rules: ruleReports(admin, (rule) => matters(rule, address) && view.showsRule(rule)),
    questions: questions
      .all()
      .filter((question) => matters(question, address) && view.showsQuestion(question))
      .map((question) => questionReport(admin, question)),
  };
}
