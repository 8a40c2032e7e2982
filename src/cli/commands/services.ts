import type { AdminOperations } from '../../domain/admin.js';
import type { OverlookedReport, ServiceDetailReport, ServiceReport } from '../../domain/admin-services.js';
import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import { facts, table } from '../columns.js';
import { shortFingerprint } from '../fingerprint.js';
import type { Invocation } from '../invocation.js';
import { quoted } from '../quoted.js';
import { readableTime } from '../readable-time.js';
import { byOwner, wholeNumber } from '../request-parts.js';
import type { Shell } from '../shell.js';

/** `hearth services` */
export const list = answering({ operation: 'services', request: () => ({}), show });

/** `hearth services show SERVICE` */
export const one = answering({
  operation: 'services-show',
  request: (invocation) => ({ service: invocation.required(0) }),
  show: showDetail,
});

/** `hearth services users SERVICE` */
export const users = answering({
  operation: 'services-show',
  request: (invocation) => ({ service: invocation.required(0) }),
  show: showUsers,
});

/** `hearth services name FINGERPRINT NAME` */
export const name = answering({
  operation: 'services-name',
  request: (invocation) => ({
    fingerprint: invocation.required(0),
    name: invocation.required(1),
    ...byOwner(invocation),
  }),
  show: (service) => {
    const certificate = shortFingerprint(service.fingerprint);
    return `${printable(labelOf(service))} is the service of certificate ${certificate}.\n${service.counts.rules === 0 ? letIn(service) : ''}`;
  },
});

/** `hearth services allow SERVICE [CONDITION…]` */
export const allow = answering({ operation: 'services-rule', request: rule(true), show: showDetail });

/** `hearth services deny SERVICE [CONDITION…]` */
export const deny = answering({ operation: 'services-rule', request: rule(false), show: showDetail });

/** `hearth services remove SERVICE RULE` */
export const remove = answering({ operation: 'services-remove', request: ofRule, show: showDetail });

/** `hearth services move SERVICE RULE PLACE` */
export const move = answering({
  operation: 'services-move',
  request: (invocation) => ({
    ...ofRule(invocation),
    at: wholeNumber(invocation.required(2), 'PLACE'),
  }),
  show: showDetail,
});

/** `hearth services forget SERVICE` */
export const forget = answering({
  operation: 'services-forget',
  request: (invocation) => ({
    service: invocation.required(0),
    privileges: invocation.flag('privileges'),
    ...byOwner(invocation),
  }),
  show: (service, _shell, invocation) =>
    invocation.flag('privileges')
      ? `What ${printable(labelOf(service))} asked about is forgotten; what is granted stays.\n`
      : `${printable(labelOf(service))} is forgotten, with its rules, roles, users and their tokens.\n`,
});

function ofRule(invocation: Invocation) {
  return { service: invocation.required(0), id: invocation.required(1), ...byOwner(invocation) };
}

function rule(allowed: boolean) {
  return (invocation: Invocation) => {
    const at = invocation.value('at');
    return {
      service: invocation.required(0),
      allow: allowed,
      conditions: invocation.rest(1),
      ...(at !== undefined && { at: wholeNumber(at, '--at') }),
      ...byOwner(invocation),
    };
  };
}

function show({ services, overlooked }: AdminOperations['services']['answer']): string {
  if (services.length === 0)
    return `No services. To name one by its certificate, which hearth tokens shows: hearth services name FINGERPRINT NAME\n${lost(overlooked)}`;
  const rows = services.map((service) => {
    const { counts, fingerprint, by } = service;
    return [
      service.name ?? '(no name)',
      shortFingerprint(fingerprint),
      by ?? 'nobody: it only asked',
      counted(counts.rules, 'rule'),
      counted(counts.users, 'user'),
      counted(counts.roles, 'role'),
      counted(counts.userTokens, 'user token'),
    ];
  });
  return (
    table(['SERVICE', 'FINGERPRINT', 'SET UP BY', 'ACCESS', 'USERS', 'ROLES', 'TOKENS'], rows) +
    lost(overlooked)
  );
}

function lost({ services, users: unknown, privileges }: OverlookedReport): string {
  const parts = [counted(services, 'service'), counted(unknown, 'user'), counted(privileges, 'privilege')];
  return services + unknown + privileges === 0
    ? ''
    : `For lack of room these were not remembered: ${parts.join(', ')}.\n`;
}

function showDetail(service: ServiceDetailReport, shell: Shell): string {
  const { rules, counts, by, firstSeen, fingerprint } = service;
  const head = facts([
    ['Service', labelOf(service)],
    ['Certificate', fingerprint],
    ['Set up by', by ?? 'nobody: it only asked'],
    ['Known since', readableTime(firstSeen, shell.now())],
    ['Users', `${counts.users}, with ${counted(counts.userTokens, 'token')}`],
    ['Asked about', counted(counts.privileges, 'privilege')],
  ]);
  if (rules.length === 0) return head + letIn(service);
  const rows = rules.map(({ id, allow: allowed, conditions }, place) => [
    String(place + 1),
    id,
    allowed ? 'may' : 'may not',
    conditions.length === 0 ? 'everybody' : conditions.join(' and '),
  ]);
  return `${head}Who may use it; the first that fits decides, nobody else may:\n${table(['PLACE', 'RULE', 'ACCESS', 'WHO'], rows)}`;
}

/** How users get into a service that has no rules about them. */
function letIn(service: ServiceReport): string {
  const allow = `hearth services allow ${printable(callOf(service))} CONDITION…`;
  return `It may ask the hub about its users, and the hub lets none of them in. To let some in: ${allow}\n`;
}

function showUsers(service: ServiceDetailReport, shell: Shell): string {
  const { users: known } = service;
  if (known.length === 0)
    return `It has no users that the hub knows. Make one: hearth privileges add ${printable(callOf(service))} user:NAME PRIVILEGE\n`;
  const rows = known.map((user) => [
    user.name,
    user.roles.length === 0 ? '(none)' : user.roles.join(', '),
    counted(user.lines, 'line'),
    user.by ?? 'nobody: he only logged in',
    readableTime(user.firstSeen, shell.now()),
  ]);
  return table(['USER', 'ROLES', 'OWN PRIVILEGES', 'SET UP BY', 'SINCE'], rows);
}

/** A service as commands take it. */
function callOf({ name: its, fingerprint }: ServiceReport): string {
  return quoted(its ?? shortFingerprint(fingerprint));
}

function labelOf({ name: its, fingerprint }: ServiceReport): string {
  return its ?? `service ${shortFingerprint(fingerprint)}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
