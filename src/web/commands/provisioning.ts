import type { DecideRequest, RuleReport } from '../../domain/admin.js';
import { HubError } from '../../domain/errors.js';
import type { Admin } from '../admin.js';
import type { Arguments } from '../arguments.js';
import type { Commands } from '../command.js';
import { questionReport, ruleReport, rulesAbout } from '../reports.js';
import { addressOf, byOwner, optional } from '../request-parts.js';

const decision = {
  read: (body: Arguments): DecideRequest => ({
    number: body.whole('number', 1),
    for: body.word('for', ['jid', 'domain', 'all']),
    ...byOwner(body),
  }),
};

/** What waits for an owner's answer, and what was answered. */
export const provisioningCommands: Commands<'pending' | 'allow' | 'deny' | 'rules' | 'rules-remove'> = {
  pending: {
    read: byOwner,
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
    run: ({ rules }, { thing }) => ({
      rules: rulesAbout(rules.all(), thing === undefined ? undefined : addressOf(thing)),
    }),
  },
  'rules-remove': {
    read: (body) => ({ id: body.text('id'), ...byOwner(body) }),
    run: async ({ removeRule, rules, owners }, request) => {
      const rule = [...rules.all()].find(({ id }) => id === request.id);
      await removeRule.run(request.id, owners.actingOwner(request.owner ?? rule?.by));
      return {};
    },
  },
};

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
