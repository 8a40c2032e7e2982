import { HubError } from '../../domain/errors.js';
import { isPrivilegeId, LONGEST_PRIVILEGE, MOST_LINES, MOST_ROLES } from '../../domain/privilege.js';
import type { PrivilegeEntry } from '../../domain/service-commands.js';
import type { ServiceEdit } from '../../domain/service-edit.js';
import { type ServiceKey, serviceRoles, serviceUsers, userTokens } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';
import { joinKey, type Table } from '../../storage/table.js';
import type { Editor } from './edit-access-rules.js';

/** The most roles of one service. */
const MOST_ROLES_OF_SERVICE = 200;

/** Longest name of a role or a user, in characters: what user tokens are given to is no longer on the wire either. */
const LONGEST_NAME = 256;

/** A change of what users of a service may do. */
export type ListEdit = Extract<
  ServiceEdit,
  { readonly kind: 'set-role' | 'remove-role' | 'set-user' | 'remove-user' }
>;

/** Where it is changed. */
export interface ListEditor extends Editor {
  /** The identity of the service. */
  readonly service: string;
  /** Refuses with limit-reached where there is no room for another user. */
  readonly roomForUser: () => void;
}

/**
 * Changes roles and users within a transaction. Refuses with bad-request, limit-reached, with item-not-found what is not
 * there, and with conflict the removal of a role that users have.
 */
export async function editLists(transaction: Transaction, edit: ListEdit, editor: ListEditor): Promise<void> {
  switch (edit.kind) {
    case 'set-role':
      return setRole(transaction, edit, editor);
    case 'remove-role':
      return removeRole(transaction, edit.role, editor);
    case 'set-user':
      return setUser(transaction, edit, editor);
    default:
      return removeUser(transaction, edit.user, editor);
  }
}

/** Refuses a list that is no list of privileges, or too long, and returns it otherwise. */
export function checkedEntries(entries: readonly PrivilegeEntry[]): PrivilegeEntry[] {
  if (entries.length > MOST_LINES)
    throw new HubError('limit-reached', `A list has at most ${MOST_LINES} lines. Roles can share the rest.`);
  return entries.map(({ include, id }) => {
    if (!isPrivilegeId(id))
      throw new HubError(
        'bad-request',
        `The id of a privilege has at most ${LONGEST_PRIVILEGE} characters, in parts parted by periods.`,
      );
    return { include, id };
  });
}

/** What the transaction sees of a table of services, for one service. */
export async function partsOf<Value>(
  transaction: Transaction,
  table: Table<ServiceKey, Value>,
  service: string,
): Promise<[ServiceKey, Value][]> {
  const found: [ServiceKey, Value][] = [];
  const prefix = `${joinKey([service])}\u0000`;
  for await (const [key, value] of transaction.scan(table, { prefix })) found.push([key, value]);
  return found;
}

async function setRole(
  transaction: Transaction,
  { role, entries }: Extract<ListEdit, { readonly kind: 'set-role' }>,
  { service }: ListEditor,
): Promise<void> {
  const key = { service, name: checkedName(role) };
  const list = checkedEntries(entries);
  const known = await transaction.get(serviceRoles, key);
  if (
    known === undefined &&
    (await partsOf(transaction, serviceRoles, service)).length >= MOST_ROLES_OF_SERVICE
  )
    throw new HubError('limit-reached', `A service has at most ${MOST_ROLES_OF_SERVICE} roles.`);
  transaction.put(serviceRoles, key, { entries: list });
}

async function removeRole(transaction: Transaction, name: string, { service }: ListEditor): Promise<void> {
  await mustKnowRole(transaction, service, name);
  const users = await partsOf(transaction, serviceUsers, service);
  const having = users.find(([, { roles }]) => roles.includes(name));
  if (having !== undefined)
    throw new HubError(
      'conflict',
      `Users have this role, such as ${having[0].name}. Take it from them first.`,
    );
  transaction.delete(serviceRoles, { service, name });
}

async function setUser(
  transaction: Transaction,
  { user, roles, entries }: Extract<ListEdit, { readonly kind: 'set-user' }>,
  { service, owner, at, roomForUser }: ListEditor,
): Promise<void> {
  const key = { service, name: checkedName(user) };
  if (roles.length > MOST_ROLES)
    throw new HubError('limit-reached', `A user has at most ${MOST_ROLES} roles.`);
  if (new Set(roles).size < roles.length) throw new HubError('bad-request', 'A role comes twice.');
  for (const role of roles) await mustKnowRole(transaction, service, role);
  const known = await transaction.get(serviceUsers, key);
  if (known === undefined) roomForUser();
  const firstSeen = known?.firstSeen ?? at;
  transaction.put(serviceUsers, key, { by: owner, firstSeen, roles, entries: checkedEntries(entries) });
}

/** He may log in anew, and is nobody in particular then. */
async function removeUser(transaction: Transaction, name: string, { service }: ListEditor): Promise<void> {
  const key = { service, name };
  if ((await transaction.get(serviceUsers, key)) === undefined)
    throw new HubError('item-not-found', 'The service has no user of this name.');
  transaction.delete(serviceUsers, key);
  for (const [token, { user }] of await partsOf(transaction, userTokens, service))
    if (user === name) transaction.delete(userTokens, token);
}

async function mustKnowRole(transaction: Transaction, service: string, name: string): Promise<void> {
  if ((await transaction.get(serviceRoles, { service, name })) === undefined)
    throw new HubError('item-not-found', `The service has no role "${name.slice(0, 64)}".`);
}

function checkedName(name: string): string {
  if (name === '' || name.length > LONGEST_NAME)
    throw new HubError('bad-request', `A name has 1 to ${LONGEST_NAME} characters.`);
  return name;
}
