import type { PrivilegeListReport } from '../domain/admin-services.js';
import { HubError } from '../domain/errors.js';
import type { PrivilegeEntry } from '../domain/service-commands.js';
import type { ServiceEdit } from '../domain/service-edit.js';
import type { ServiceDetail } from '../services/access/list-services.js';

/** A list of privileges of a service: whose it is, and what it says. */
export type PrivilegeList =
  | { readonly kind: 'default'; readonly entries: readonly PrivilegeEntry[] }
  | { readonly kind: 'role'; readonly name: string; readonly entries: readonly PrivilegeEntry[] }
  | {
      readonly kind: 'user';
      readonly name: string;
      readonly entries: readonly PrivilegeEntry[];
      readonly roles: readonly string[];
    };

/** All lists of a service: what everybody has, its roles, its users. */
export function listsOf({ defaults, roles, users }: ServiceDetail): PrivilegeList[] {
  return [
    { kind: 'default', entries: defaults },
    ...roles.map(({ name, entries }) => ({ kind: 'role' as const, name, entries })),
    ...users.map(({ name, entries, roles: its }) => ({ kind: 'user' as const, name, entries, roles: its })),
  ];
}

/**
 * The list that is meant by `default`, `role:NAME`, `user:NAME` or the name that only one has. Refuses with
 * item-not-found and bad-request; a role or user that is not there yet is an empty list where `fresh`.
 */
export function listOf(service: ServiceDetail, whose: string, fresh: boolean): PrivilegeList {
  const lists = listsOf(service);
  const exact = lists.find((list) => whoseOf(list) === whose);
  if (exact !== undefined) return exact;
  const [, kind, name = ''] = /^(role|user):(.+)$/su.exec(whose) ?? [];
  if (kind === 'role' && fresh) return { kind, name, entries: [] };
  if (kind === 'user' && fresh) return { kind, name, entries: [], roles: [] };
  const [only, ...more] = lists.filter((list) => list.kind !== 'default' && list.name === whose);
  if (only !== undefined && more.length === 0) return only;
  const text =
    only === undefined
      ? `There is no user or role "${whose}".${fresh ? ' To make one, write user:NAME or role:NAME.' : ''}`
      : `"${whose}" is a user and a role. Write user:${whose} or role:${whose}.`;
  throw new HubError(only === undefined ? 'item-not-found' : 'bad-request', text);
}

/** The change that gives a list these lines. */
export function withEntries(list: PrivilegeList, entries: readonly PrivilegeEntry[]): ServiceEdit {
  switch (list.kind) {
    case 'default':
      return { kind: 'set-defaults', entries };
    case 'role':
      return { kind: 'set-role', role: list.name, entries };
    default:
      return { kind: 'set-user', user: list.name, roles: list.roles, entries };
  }
}

/** `default`, `role:NAME` or `user:NAME`. */
export function whoseOf(list: PrivilegeList): string {
  return list.kind === 'default' ? list.kind : `${list.kind}:${list.name}`;
}

/** A list for the administrator. */
export function listReport(list: PrivilegeList): PrivilegeListReport {
  const { entries } = list;
  return { whose: whoseOf(list), entries, ...(list.kind === 'user' && { roles: list.roles }) };
}
