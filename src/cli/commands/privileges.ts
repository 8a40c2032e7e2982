import type { PrivilegeListReport, PrivilegesReport } from '../../domain/admin-services.js';
import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import { columns } from '../columns.js';
import type { Invocation } from '../invocation.js';
import { byOwner, wholeNumber } from '../request-parts.js';
import type { Shell } from '../shell.js';
import { UsageError } from '../usage-error.js';

/** Privileges that a service asked about which are shown before they are only counted. */
const SHOWN = 20;

/** `hearth privileges SERVICE [WHOSE]` */
export const list = answering({
  operation: 'privileges',
  request: (invocation) => {
    const whose = invocation.positional(1);
    return { service: invocation.required(0), ...(whose !== undefined && { whose }) };
  },
  show,
});

/** `hearth privileges add SERVICE WHOSE PRIVILEGE` */
export const add = answering({
  operation: 'privileges-add',
  request: (invocation) => {
    const at = invocation.value('at');
    return {
      ...ofLine(invocation),
      exclude: invocation.flag('exclude'),
      ...(at !== undefined && { at: wholeNumber(at, '--at') }),
    };
  },
  show: showList,
});

/** `hearth privileges remove SERVICE WHOSE PRIVILEGE`, or `--all` */
export const remove = answering({
  operation: 'privileges-remove',
  request: (invocation) => {
    const privilege = invocation.positional(2);
    if (invocation.flag('all') === (privilege !== undefined))
      throw new UsageError('Give one privilege, or --all for the whole list.', 'privileges remove');
    return { ...ofList(invocation), ...(privilege !== undefined && { privilege }) };
  },
  show: (answer, shell, invocation) =>
    invocation.flag('all') ? `${printable(listWords(answer))} is gone.\n` : showList(answer, shell),
});

/** `hearth privileges move SERVICE WHOSE PRIVILEGE PLACE` */
export const move = answering({
  operation: 'privileges-move',
  request: (invocation) => ({
    ...ofLine(invocation),
    at: wholeNumber(invocation.required(3), 'PLACE'),
  }),
  show: showList,
});

/** `hearth privileges roles SERVICE USER [ROLE…]` */
export const roles = answering({
  operation: 'privileges-roles',
  request: (invocation) => ({
    service: invocation.required(0),
    user: invocation.required(1),
    roles: invocation.rest(2),
    ...byOwner(invocation),
  }),
  show: showList,
});

function ofList(invocation: Invocation) {
  return { service: invocation.required(0), whose: invocation.required(1), ...byOwner(invocation) };
}

function ofLine(invocation: Invocation) {
  return { ...ofList(invocation), privilege: invocation.required(2) };
}

function show({ lists, seen }: PrivilegesReport, shell: Shell, invocation: Invocation): string {
  const text = lists.map((one) => showList(one, shell)).join('');
  if (seen.length === 0 || invocation.positional(1) !== undefined) return text;
  const more = seen.length > SHOWN ? `, and ${seen.length - SHOWN} more` : '';
  return `${text}It asked about: ${printable(seen.slice(0, SHOWN).join(', '))}${more}\n`;
}

function showList(answer: PrivilegeListReport, _shell: Shell): string {
  const { entries, roles: its } = answer;
  const rows = entries.map(({ include, id }, place) => [`  ${place + 1}`, include ? 'may' : 'may not', id]);
  const then = its === undefined || its.length === 0 ? [] : [`  then the roles ${printable(its.join(', '))}`];
  const nothing = rows.length === 0 && then.length === 0 ? ['  nothing'] : [];
  return `${[`${printable(listWords(answer))}:`, ...columns(rows), ...then, ...nothing].join('\n')}\n`;
}

function listWords({ whose }: PrivilegeListReport): string {
  if (whose === 'default') return 'Who has not logged in, or is not set up';
  return whose.startsWith('role:') ? `The role ${whose.slice(5)}` : `The user ${whose.slice(5)}`;
}
