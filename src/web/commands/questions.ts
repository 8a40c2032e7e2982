import type { AnswerRange, DecideRequest, DecisionReport } from '../../domain/admin-provisioning.js';
import { HubError } from '../../domain/errors.js';
import { deviceAddress, formatAddress } from '../../domain/node-address.js';
import type { Question } from '../../domain/question.js';
import type { TokenSubject } from '../../domain/rule.js';
import type { DecisionScope } from '../../services/owner/decide.js';
import type { Admin } from '../admin.js';
import type { Arguments } from '../arguments.js';
import type { Commands } from '../command.js';
import { questionReport, ruleReport } from '../reports.js';
import { byOwner } from '../request-parts.js';
import { isLimited, readScope, scopeArguments } from '../scope.js';

const KINDS = ['friend', 'read', 'control'] as const;

const RANGES = [
  'jid',
  'domain',
  'all',
  'service',
  'device',
  'user',
] as const satisfies readonly AnswerRange[];

const decision = {
  read: (body: Arguments): DecideRequest => ({
    number: body.whole('number', 1),
    for: body.word('for', RANGES),
    everything: body.flag('everything'),
    ...scopeArguments(body),
    ...byOwner(body),
  }),
};

/** What waits for an owner's answer, and the answers. */
export const questionCommands: Commands<'pending' | 'allow' | 'deny'> = {
  pending: {
    read: (body) => {
      const kind = body.optionalWord('kind', KINDS);
      return { ...byOwner(body), ...(kind !== undefined && { kind }) };
    },
    run: (admin, { owner, kind }) => {
      const wanted = (question: Question) =>
        (owner === undefined || question.owner === owner) && (kind === undefined || question.kind === kind);
      const all = admin.questions.all().filter(wanted);
      return { questions: all.map((question) => questionReport(admin, question)) };
    },
  },
  allow: { ...decision, run: (admin, request) => decide(admin, request, true) },
  deny: { ...decision, run: (admin, request) => decide(admin, request, false) },
};

/** A question names its owner, so the administrator need not say in whose name he answers it. */
async function decide(admin: Admin, request: DecideRequest, allow: boolean): Promise<DecisionReport> {
  const { number } = request;
  const question = admin.questions.all().find((waiting) => waiting.number === number);
  if (question === undefined) throw new HubError('question-not-found');
  const owner = admin.owners.actingOwner(request.owner ?? question.owner);
  const scope = scopeOf(admin, question, request, allow);
  const { rule } = await admin.decide.run(
    { number, allow, ...whom(admin, question, request.for ?? 'jid'), ...(scope !== undefined && { scope }) },
    owner,
  );
  const { kind, thing } = question;
  const nodes = kind === 'friend' ? [deviceAddress(thing.jid)] : (scope?.nodes ?? [thing]);
  return { ...ruleReport(admin, rule), things: nodes.map(formatAddress) };
}

/** What is said limits or widens a yes to what was asked for, and a no to everything; what is not said stays. */
function scopeOf(
  admin: Admin,
  question: Question,
  request: DecideRequest,
  allow: boolean,
): DecisionScope | undefined {
  const { everything = false, categories, fields, parameters } = request;
  if (!everything && !isLimited(request)) return undefined;
  if (everything && (categories ?? fields ?? parameters) !== undefined)
    throw new HubError('bad-request', 'Everything has no list of categories or names.');
  const given = readScope(admin, question.kind, question.thing.jid, request);
  if (!allow || everything || question.wants === undefined) return given;
  const { wants } = question;
  return {
    ...(categories === undefined && wants.categories.length > 0 && { categories: wants.categories }),
    ...(wants.names.length > 0 && { names: wants.names }),
    ...given,
  };
}

function whom(admin: Admin, question: Question, range: AnswerRange) {
  if (range === 'jid' || range === 'domain' || range === 'all') return { range };
  return { range: 'jid' as const, subject: tokenSubject(admin, question, range) };
}

/** Who stands behind the token that came with the question. Refuses where there is none, or where it could be several. */
function tokenSubject(
  { tokens }: Admin,
  { kind, wants, number }: Question,
  range: TokenSubject['kind'],
): TokenSubject {
  if (kind === 'friend') throw new HubError('bad-request', 'Friendship goes by addresses, not by tokens.');
  const found = (wants?.tokens[range] ?? []).flatMap((token) => tokens.identityOf(range, token) ?? []);
  const [identity, ...more] = new Set(found);
  if (identity === undefined)
    throw new HubError('bad-request', `No ${range} token that this hub knows came with question ${number}.`);
  if (more.length > 0) {
    const text = `Several came with question ${number}. Say which: hearth rules add --help`;
    throw new HubError('bad-request', text);
  }
  return { kind: range, identity };
}
