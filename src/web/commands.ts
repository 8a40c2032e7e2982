import type {
  AdminOperation,
  AdminOperations,
  DecideRequest,
  RuleReport,
  ThingDetail,
  ThingReport,
} from '../domain/admin.js';
import { decodeClaimCode } from '../domain/claim-code.js';
import { HubError } from '../domain/errors.js';
import { bareJid, Jid } from '../domain/jid.js';
import { formatAddress, type NodeAddress, parseAddress, sameAddress } from '../domain/node-address.js';
import type { Thing } from '../domain/thing.js';
import type { Admin } from './admin.js';
import type { Arguments } from './arguments.js';
import { accountReport, auditReport, isoTime, questionReport, ruleReport, thingReport } from './reports.js';
import { statusOf } from './status.js';

/** One operation: how its arguments are read, and what answers it. */
interface Command<Name extends AdminOperation> {
  /** Refuses with bad-request. */
  readonly read: (body: Arguments) => AdminOperations[Name]['request'];
  readonly run: (
    admin: Admin,
    request: AdminOperations[Name]['request'],
  ) => AdminOperations[Name]['answer'] | Promise<AdminOperations[Name]['answer']>;
}

/** Lines of the audit and things of a page where the caller names no number. */
const PAGE = 100;

/** Who acts here, in the audit: the administrator of the machine. */
const LOCAL = 'local';

const NO_SUCH_CLAIM =
  'No thing that waits for an owner has this code. Is the thing on and connected? See: hearth things --unclaimed';

const nothing = () => ({});

const decision = {
  read: (body: Arguments): DecideRequest => ({
    number: body.whole('number', 1),
    for: body.word('for', ['jid', 'domain', 'all']),
    ...owner(body),
  }),
};

/** Everything that the administrator can ask of a running hub. */
export const commands: { readonly [Name in AdminOperation]: Command<Name> } = {
  status: { read: nothing, run: statusOf },
  things: {
    read: (body) => ({
      ...owner(body),
      unclaimed: body.flag('unclaimed'),
      offset: body.whole('offset', 0, 0),
      limit: body.whole('limit', 1, PAGE),
    }),
    run: listThings,
  },
  'things-show': { read: (body) => ({ address: body.text('address') }), run: showThing },
  claim: {
    read: (body) => ({ code: body.text('code'), private: body.flag('private'), ...owner(body) }),
    run: claim,
  },
  pending: {
    read: owner,
    run: ({ questions }, request) => {
      const mine = request.owner;
      const all = questions.all().filter((question) => mine === undefined || question.owner === mine);
      return { questions: all.map(questionReport) };
    },
  },
  allow: { ...decision, run: (admin, request) => decide(admin, request, true) },
  deny: { ...decision, run: (admin, request) => decide(admin, request, false) },
  rules: {
    read: (body) => optional('thing', body.optionalText('thing')),
    run: ({ rules }, { thing }) => {
      const address = thing === undefined ? undefined : addressOf(thing);
      return { rules: rulesAbout(rules.all(), address) };
    },
  },
  'rules-remove': {
    read: (body) => ({ id: body.text('id'), ...owner(body) }),
    run: async ({ removeRule, rules, owners }, request) => {
      const rule = [...rules.all()].find(({ id }) => id === request.id);
      await removeRule.run(request.id, owners.actingOwner(request.owner ?? rule?.by));
      return {};
    },
  },
  accounts: {
    read: nothing,
    run: ({ accounts, hub }) => {
      const reports = accounts.list.run().map((account) => {
        const { bare } = Jid.of(account.name, accounts.domain);
        return accountReport(account, bare, hub.connected(bare));
      });
      return { accounts: reports };
    },
  },
  'accounts-add': {
    read: (body) => ({
      name: body.text('name'),
      owner: body.flag('owner'),
      ...optional('password', body.optionalText('password')),
    }),
    run: async ({ accounts }, { name, owner: isOwner, password }) => {
      const role = isOwner ? 'owner' : 'user';
      const made = await accounts.create.run({ name, role, password, from: LOCAL });
      const { bare } = Jid.of(made.account.name, accounts.domain);
      return { jid: bare, role, ...optional('password', made.password) };
    },
  },
  'accounts-remove': {
    read: (body) => ({ name: body.text('name') }),
    run: async ({ accounts }, { name }) => {
      const { local, bare } = Jid.of(name, accounts.domain);
      await accounts.remove.run(local, LOCAL);
      return { jid: bare };
    },
  },
  'accounts-password': {
    read: (body) => ({ name: body.text('name'), ...optional('password', body.optionalText('password')) }),
    run: async ({ accounts }, { name, password }) => {
      const { local, bare } = Jid.of(name, accounts.domain);
      return {
        jid: bare,
        ...optional('password', await accounts.changePassword.run(local, password, LOCAL)),
      };
    },
  },
  owner: {
    read: nothing,
    run: ({ owners, accounts }) => {
      const all = owners.local();
      return { owners: all, setupCode: all.length > 0 ? null : newSetupCode(accounts) };
    },
  },
  'setup-code': { read: nothing, run: ({ accounts }) => newSetupCode(accounts) },
  audit: {
    read: (body) => ({ limit: body.whole('limit', 1, PAGE) }),
    run: ({ audit }, { limit = PAGE }) => ({ entries: audit.last(limit).map(auditReport) }),
  },
};

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [N in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: string };
}

function owner(body: Arguments): { readonly owner?: string } {
  const named = body.optionalText('owner');
  return optional('owner', named === undefined ? undefined : bareJid(named));
}

function addressOf(text: string): NodeAddress {
  const address = parseAddress(text);
  return { ...address, jid: bareJid(address.jid) };
}

function rulesAbout(
  all: Iterable<Parameters<typeof ruleReport>[0]>,
  thing: NodeAddress | undefined,
): RuleReport[] {
  const chosen = [...all].filter((rule) => thing === undefined || sameAddress(rule.thing, thing));
  return chosen.sort((a, b) => a.createdAt - b.createdAt || Number(a.id) - Number(b.id)).map(ruleReport);
}

function listThings(
  { things, hub }: Admin,
  { owner: named, unclaimed, offset = 0, limit = PAGE }: AdminOperations['things']['request'],
): AdminOperations['things']['answer'] {
  const chosen = [...things.all()].filter(
    (thing) => (named === undefined || thing.owner === named) && (!unclaimed || thing.owner === undefined),
  );
  const keyed = chosen.map((thing) => ({ thing, key: formatAddress(thing) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    things: keyed
      .slice(offset, offset + limit)
      .map(({ thing }) => thingReport(thing, hub.connected(thing.jid))),
    more: chosen.length > offset + limit,
  };
}

function showThing(admin: Admin, request: { readonly address: string }): ThingDetail {
  const { hub, rules, questions } = admin;
  const address = addressOf(request.address);
  const thing = known(admin, address);
  return {
    ...thingReport(thing, hub.connected(thing.jid)),
    registeredAt: isoTime(thing.registeredAt),
    claimedAt: thing.claimedAt === undefined ? null : isoTime(thing.claimedAt),
    rules: rulesAbout(rules.all(), address),
    questions: questions
      .all()
      .filter((question) => sameAddress(question.thing, address))
      .map(questionReport),
  };
}

function known({ things }: Admin, address: NodeAddress): Thing {
  const thing = things.get(address);
  if (thing === undefined) throw new HubError('item-not-found', 'There is no such thing. See: hearth things');
  return thing;
}

async function claim(admin: Admin, request: AdminOperations['claim']['request']): Promise<ThingReport> {
  const { tags } = decodeClaimCode(request.code.trim());
  const jid = admin.owners.actingOwner(request.owner);
  const { hub } = admin.hub.ready();
  const command = { tags, public: !request.private };
  try {
    const { thing } = await admin.claim.run(command, { jid, assurance: 'local', hub });
    return thingReport(known(admin, thing), admin.hub.connected(thing.jid));
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'item-not-found') throw error;
    throw new HubError('item-not-found', NO_SUCH_CLAIM, { cause: error });
  }
}

/** A question names its owner, so the administrator need not say in whose name he answers it. */
async function decide(admin: Admin, request: DecideRequest, allow: boolean): Promise<RuleReport> {
  const question = admin.questions.all().find(({ number }) => number === request.number);
  if (question === undefined) throw new HubError('question-not-found');
  const jid = admin.owners.actingOwner(request.owner ?? question.owner);
  const { rule } = await admin.decide.run(
    { number: request.number, allow, range: request.for ?? 'jid' },
    jid,
  );
  return ruleReport(rule);
}

function newSetupCode({ setupCode }: Admin['accounts']): AdminOperations['setup-code']['answer'] {
  const { code, expiresAt } = setupCode.issue();
  return { code, expiresAt: isoTime(expiresAt) };
}
