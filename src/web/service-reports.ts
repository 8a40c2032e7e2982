import type {
  AccessRuleReport,
  ServiceDetailReport,
  ServiceReport,
  ServiceUserReport,
} from '../domain/admin-services.js';
import { formatCondition } from '../domain/credential-expression.js';
import { HubError } from '../domain/errors.js';
import type { AccessRule, ServiceUser } from '../domain/service.js';
import type { ServiceDetail, ServiceSummary } from '../services/access/list-services.js';
import type { Admin } from './admin.js';
import { isoTime } from './reports.js';

/** A service in a list. */
export function serviceReport({ identity, name, by, firstSeen, counts }: ServiceSummary): ServiceReport {
  return { fingerprint: identity, name: name ?? null, by: by ?? null, firstSeen: isoTime(firstSeen), counts };
}

/** A service with its rules of access and its users. */
export function serviceDetailReport(detail: ServiceDetail): ServiceDetailReport {
  return {
    ...serviceReport(detail),
    rules: detail.rules.map(accessRuleReport),
    users: detail.users.map(userReport),
  };
}

/** A service as it is now, by its identity. Refuses with item-not-found. */
export function shownService({ services }: Admin, identity: string): ServiceDetail {
  const detail = services.list.show(identity);
  if (detail === undefined)
    throw new HubError('item-not-found', 'There is no such service. See: hearth services');
  return detail;
}

function accessRuleReport({ id, allow, conditions, by, createdAt }: AccessRule): AccessRuleReport {
  return { id, allow, conditions: conditions.map(formatCondition), by, createdAt: isoTime(createdAt) };
}

function userReport(user: ServiceUser & { readonly name: string }): ServiceUserReport {
  const { name, by, firstSeen, roles, entries } = user;
  return { name, by: by ?? null, firstSeen: isoTime(firstSeen), roles, lines: entries.length };
}
