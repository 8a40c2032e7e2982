import type { ChangePrivilege, OfService, PrivilegeListReport } from '../../domain/admin-services.js';
import type { ByOwner } from '../../domain/by-owner.js';
import { HubError } from '../../domain/errors.js';
import { serviceLabel } from '../../domain/service.js';
import type { PrivilegeEntry } from '../../domain/service-commands.js';
import type { ServiceEdit } from '../../domain/service-edit.js';
import type { ServiceDetail } from '../../services/access/list-services.js';
import type { Admin } from '../admin.js';
import type { Arguments } from '../arguments.js';
import type { Commands } from '../command.js';
import { listOf, listReport, listsOf, type PrivilegeList, whoseOf, withEntries } from '../privilege-list.js';
import { knownService } from '../read-subject.js';
import { byOwner, optional } from '../request-parts.js';
import { shownService } from '../service-reports.js';
import { edited } from './services.js';

/** Most roles in a request; the service that keeps them has its own limit. */
const MOST_ROLES = 64;

const ofService = (body: Arguments) => ({ service: body.text('service'), ...byOwner(body) });
const ofLine = (body: Arguments) => ({
  ...ofService(body),
  whose: body.text('whose'),
  privilege: body.text('privilege'),
});

type Operations =
  | 'privileges'
  | 'privileges-add'
  | 'privileges-remove'
  | 'privileges-move'
  | 'privileges-roles';

/** What users of services may do there: lists, of which the first line that fits decides. */
export const privilegeCommands: Commands<Operations> = {
  privileges: {
    read: (body) => ({ service: body.text('service'), ...optional('whose', body.optionalText('whose')) }),
    run: (admin, request) => {
      const service = detail(admin, request.service);
      const { whose } = request;
      const lists = whose === undefined ? listsOf(service) : [listOf(service, whose, false)];
      return {
        service: serviceLabel(service.identity, service),
        lists: lists.map(listReport),
        seen: service.privileges,
      };
    },
  },
  'privileges-add': {
    read: (body) => {
      const at = body.optionalWhole('at', 1);
      return { ...ofLine(body), exclude: body.flag('exclude'), ...(at !== undefined && { at }) };
    },
    run: (admin, request) => changeList(admin, request, true, (entries) => added(entries, request)),
  },
  'privileges-remove': {
    read: (body) => ({
      ...ofService(body),
      whose: body.text('whose'),
      ...optional('privilege', body.optionalText('privilege')),
    }),
    run: (admin, request) => {
      const { privilege } = request;
      if (privilege === undefined) return removeList(admin, request);
      return changeList(admin, request, false, (entries) => {
        const place = placeOf(entries, privilege);
        return entries.toSpliced(place, 1);
      });
    },
  },
  'privileges-move': {
    read: (body) => ({ ...ofLine(body), at: body.whole('at', 1) }),
    run: (admin, request) =>
      changeList(admin, request, false, (entries) => {
        const from = placeOf(entries, request.privilege);
        const rest = entries.toSpliced(from, 1);
        return inserted(rest, entries.slice(from, from + 1), request.at);
      }),
  },
  'privileges-roles': {
    read: (body) => ({ ...ofService(body), user: body.text('user'), roles: body.texts('roles', MOST_ROLES) }),
    run: async (admin, { service: text, user: name, roles, owner }) => {
      const whose = name.startsWith('user:') ? name : `user:${name}`;
      const service = detail(admin, text);
      const { entries } = listOf(service, whose, true);
      const user = whose.slice('user:'.length);
      return save(admin, service, whose, { kind: 'set-user', user, roles, entries }, owner);
    },
  },
};

function detail(admin: Admin, text: string): ServiceDetail {
  return shownService(admin, knownService(admin, text).identity);
}

async function changeList(
  admin: Admin,
  { service: text, whose, owner }: ByOwner & OfService & Pick<ChangePrivilege, 'whose'>,
  fresh: boolean,
  next: (entries: readonly PrivilegeEntry[]) => readonly PrivilegeEntry[],
): Promise<PrivilegeListReport> {
  const service = detail(admin, text);
  const list = listOf(service, whose, fresh);
  return save(admin, service, whoseOf(list), withEntries(list, next(list.entries)), owner);
}

/** The default list cannot go: it becomes empty. */
async function removeList(
  admin: Admin,
  { service: text, whose, owner }: ByOwner & OfService & Pick<ChangePrivilege, 'whose'>,
): Promise<PrivilegeListReport> {
  const service = detail(admin, text);
  const list = listOf(service, whose, false);
  await edited(admin, service.identity, removalOf(list), owner);
  return { whose: whoseOf(list), entries: [] };
}

function removalOf(list: PrivilegeList): ServiceEdit {
  switch (list.kind) {
    case 'default':
      return { kind: 'set-defaults', entries: [] };
    case 'role':
      return { kind: 'remove-role', role: list.name };
    default:
      return { kind: 'remove-user', user: list.name };
  }
}

async function save(
  admin: Admin,
  { identity }: ServiceDetail,
  whose: string,
  edit: ServiceEdit,
  owner: string | undefined,
): Promise<PrivilegeListReport> {
  await edited(admin, identity, edit, owner);
  return listReport(listOf(shownService(admin, identity), whose, false));
}

function added(
  entries: readonly PrivilegeEntry[],
  {
    privilege: id,
    exclude = false,
    at,
  }: ChangePrivilege & { readonly exclude?: boolean; readonly at?: number },
): readonly PrivilegeEntry[] {
  const known = entries.findIndex((entry) => entry.id === id);
  if (known >= 0) {
    const text = `${id} is in the list already, at place ${known + 1}. Remove it first: hearth privileges remove`;
    throw new HubError('conflict', text);
  }
  return inserted(entries, [{ include: !exclude, id }], at ?? entries.length + 1);
}

function inserted(
  entries: readonly PrivilegeEntry[],
  line: readonly PrivilegeEntry[],
  at: number,
): readonly PrivilegeEntry[] {
  if (at > entries.length + 1)
    throw new HubError(
      'bad-request',
      `The place of a line is a whole number from 1 to ${entries.length + 1}.`,
    );
  return entries.toSpliced(at - 1, 0, ...line);
}

function placeOf(entries: readonly PrivilegeEntry[], id: string): number {
  const place = entries.findIndex((entry) => entry.id === id);
  if (place < 0) throw new HubError('item-not-found', `The list has no line about ${id}.`);
  return place;
}
