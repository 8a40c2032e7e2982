import type { CanControlAnswer, CanReadAnswer } from '../../domain/access.js';
import type { ExplainReport, ExplainRequest } from '../../domain/admin-provisioning.js';
import { isInForce } from '../../domain/certificate.js';
import { formatAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { TokenSubject } from '../../domain/rule.js';
import type { Admin } from '../admin.js';
import type { Arguments } from '../arguments.js';
import type { Commands } from '../command.js';
import { OwnerView } from '../owner-view.js';
import { readCaller, readTokenSubject } from '../read-subject.js';
import { ruleReport } from '../reports.js';
import { addressOf, byOwner } from '../request-parts.js';
import { nameIdentities, subjectWords } from '../subject-words.js';

/** Most names, and most identities of a kind, in one request. */
const MOST = 100;

const TOKEN_KINDS = ['service', 'device', 'user'] as const;

/** Why the hub would say what, without asking or telling anybody. */
export const explainCommands: Commands<'explain'> = {
  explain: { read, run: explain },
};

function read(body: Arguments): ExplainRequest {
  return {
    thing: body.text('thing'),
    caller: body.text('caller'),
    kind: body.word('kind', ['friend', 'read', 'control']),
    names: body.optionalTexts('names', MOST) ?? [],
    service: body.optionalTexts('service', MOST) ?? [],
    device: body.optionalTexts('device', MOST) ?? [],
    user: body.optionalTexts('user', MOST) ?? [],
    ...byOwner(body),
  };
}

function explain(admin: Admin, request: ExplainRequest): ExplainReport {
  const { kind, names = [] } = request;
  const thing = addressOf(request.thing);
  const view = new OwnerView(admin, request.owner);
  const known = admin.things.of(thing.jid).length > 0;
  if (!known || (request.owner !== undefined && !view.concerns(thing))) throw view.noSuchThing(thing);
  const caller = readCaller(request.caller);
  const behind = TOKEN_KINDS.flatMap((token) =>
    (request[token] ?? []).map((text) => readTokenSubject(admin, token, text)),
  );
  const ignored = behind.filter((subject) => !isProvable(admin, subject));
  const who = { jid: caller, ...identities(behind.filter((subject) => !ignored.includes(subject))) };
  const { result, why, rules, answer } = admin.explain.run({ kind, thing, who, names });
  return {
    thing: formatAddress(thing),
    caller,
    kind,
    result,
    why: nameIdentities(admin, why, behind),
    rules: rules.map((rule) => ruleReport(admin, rule)),
    ...(answer?.result && { allowed: allowedBy(answer) }),
    ...(ignored.length > 0 && { ignored: ignored.map((subject) => subjectWords(admin, subject)) }),
    ...questionOf(admin, request, thing, caller),
  };
}

/** Whether a token of it can be proven now: its certificate may have ended since, or been revoked. */
function isProvable({ hub, tokens }: Admin, { identity }: TokenSubject): boolean {
  const [fingerprint = ''] = identity.split('/');
  const certificate = tokens.certificates.get(fingerprint);
  return certificate === undefined || isInForce(certificate, hub.time());
}

function identities(behind: readonly TokenSubject[]) {
  const of = (kind: TokenSubject['kind']) =>
    behind.filter((subject) => subject.kind === kind).map(({ identity }) => identity);
  return { service: of('service'), device: of('device'), user: of('user') };
}

function allowedBy(answer: CanReadAnswer | CanControlAnswer): NonNullable<ExplainReport['allowed']> {
  const nodes = answer.nodes.map((node) => formatAddress({ jid: '', ...node }).slice(1));
  if (!('fields' in answer)) return { nodes, names: answer.parameters };
  return { categories: answer.categories, nodes, names: answer.fields };
}

function questionOf(
  { questions }: Admin,
  { kind }: ExplainRequest,
  thing: NodeAddress,
  caller: string,
): { readonly question?: number } {
  const found = questions
    .all()
    .find((one) => one.kind === kind && one.caller === caller && sameAddress(one.thing, thing));
  return found === undefined ? {} : { question: found.number };
}
