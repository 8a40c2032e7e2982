import { HubError } from '../../domain/errors.js';
import type { Credential, PrivilegeEntry } from '../../domain/service-commands.js';
import { type Element, element } from '../../xmpp/element.js';
import { tokenAttribute } from '../caller-tokens.js';
import { provisioningNs } from '../namespaces.js';
import { answerElement, childElements, filled, requiredBoolean, unexpected } from '../read.js';
import type { Row } from '../row.js';
import { readListed, readTyped, writeCredential } from './credentials.js';

const ns = provisioningNs.xmpp;

/** The most credentials of one user. */
const MOST_CREDENTIALS = 64;

/** The most lines of a list of privileges. */
const MOST_ENTRIES = 1000;

/** Longest name of a user, and longest id of a privilege, in characters. */
const MAX_NAME = 256;

/** Parts that are not empty, parted by periods [0324 schema, PrivilegeId]. */
const PRIVILEGE_ID = /^[^.]+(?:\.[^.]+)*$/;

/** A service asks whether a user may use it, by what it knows of him [0324 3.6.2]. */
const canAccess: Row<'can-access'> = {
  operation: 'can-access',
  generation: 'xmpp',
  kind: 'iq',
  types: ['get', 'set'],
  ns,
  name: 'canAccess',
  readRequest: (payload) => ({
    serviceToken: tokenAttribute(payload, 'serviceToken'),
    ...credentialsIn(payload),
  }),
  writeRequest: ({ serviceToken, credentials, listed }) =>
    element(
      'canAccess',
      ns,
      { serviceToken },
      ...credentials.map((credential) => writeCredential(credential, listed, ns)),
    ),
  readAnswer: (payload) => {
    const answer = answerElement(payload, 'canAccessResponse');
    const result = requiredBoolean(answer, 'result');
    if (answer.attribute('userToken') === undefined) return { result };
    return { result, userToken: tokenAttribute(answer, 'userToken') };
  },
  writeAnswer: ({ result, userToken }) =>
    element('canAccessResponse', ns, { userToken, result: String(result) }),
};

/** The user told the service his name [0324 3.6.2]: a message, which nobody acknowledges. */
const userLoggedIn: Row<'user-logged-in'> = {
  operation: 'user-logged-in',
  generation: 'xmpp',
  kind: 'message',
  types: [],
  ns,
  name: 'userLoggedIn',
  readRequest: (payload) => ({ ...serviceAndUser(payload), userName: filled(payload, 'userName', MAX_NAME) }),
  writeRequest: ({ serviceToken, userToken, userName }) =>
    element('userLoggedIn', ns, { serviceToken, userToken, userName }),
  readAnswer: () => undefined,
  writeAnswer: () => undefined,
};

/** A service asks whether a user may do something in it [0324 3.7.1]. */
const hasPrivilege: Row<'has-privilege'> = {
  operation: 'has-privilege',
  generation: 'xmpp',
  kind: 'iq',
  types: ['get', 'set'],
  ns,
  name: 'hasPrivilege',
  readRequest: (payload) => ({
    ...serviceAndUser(payload),
    privilegeId: privilegeId(payload, 'privilegeId'),
  }),
  writeRequest: (command) =>
    element('hasPrivilege', ns, {
      serviceToken: command.serviceToken,
      userToken: command.userToken,
      privilegeId: command.privilegeId,
    }),
  readAnswer: (payload) => ({
    result: requiredBoolean(answerElement(payload, 'hasPrivilegeResponse'), 'result'),
  }),
  writeAnswer: ({ result }) => element('hasPrivilegeResponse', ns, { result: String(result) }),
};

/** A service asks for all privileges of a user at once, to decide by itself [0324 3.7.2]. */
const downloadPrivileges: Row<'download-privileges'> = {
  operation: 'download-privileges',
  generation: 'xmpp',
  kind: 'iq',
  types: ['get', 'set'],
  ns,
  name: 'downloadPrivileges',
  readRequest: serviceAndUser,
  writeRequest: ({ serviceToken, userToken }) =>
    element('downloadPrivileges', ns, { serviceToken, userToken }),
  readAnswer: (payload) => ({ entries: readEntries(answerElement(payload, 'downloadPrivilegesResponse')) }),
  writeAnswer: ({ entries }) =>
    element(
      'downloadPrivilegesResponse',
      ns,
      {},
      ...entries.map(({ include, id }) => element(include ? 'include' : 'exclude', ns, { id })),
    ),
};

/** The rows of services, which have a dialect in the XEP only. */
export const serviceRows = [canAccess, userLoggedIn, hasPrivilege, downloadPrivileges] as const;

function serviceAndUser(payload: Element): { serviceToken: string; userToken: string } {
  return {
    serviceToken: tokenAttribute(payload, 'serviceToken'),
    userToken: tokenAttribute(payload, 'userToken'),
  };
}

function credentialsIn(payload: Element): { credentials: readonly Credential[]; listed: boolean } {
  const children = childElements(payload);
  if (children.length > MOST_CREDENTIALS)
    throw new HubError('bad-request', `A user has at most ${MOST_CREDENTIALS} credentials.`);
  const listed = children.some((child) => child.name === 'credentials');
  const credentials = children.map((child) => {
    const read = listed && child.name === 'credentials' ? readListed : readTyped;
    const credential = child.ns === ns && listed === (child.name === 'credentials') ? read(child) : undefined;
    if (credential === undefined) throw unexpected(payload, child);
    return credential;
  });
  return { credentials, listed };
}

function readEntries(answer: Element): PrivilegeEntry[] {
  const children = childElements(answer);
  if (children.length > MOST_ENTRIES)
    throw new HubError('bad-request', `A list has at most ${MOST_ENTRIES} privileges.`);
  return children.map((child) => {
    const include = child.name === 'include';
    if (child.ns !== answer.ns || !(include || child.name === 'exclude')) throw unexpected(answer, child);
    return { include, id: privilegeId(child, 'id') };
  });
}

function privilegeId(payload: Element, name: string): string {
  const id = filled(payload, name, MAX_NAME);
  if (!PRIVILEGE_ID.test(id))
    throw new HubError('bad-request', `"${name}" is no id of a privilege: parts parted by periods.`);
  return id;
}
