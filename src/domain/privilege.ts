import type { PrivilegeEntry } from './service-commands.js';

/** Longest id of a privilege, in characters. */
export const LONGEST_PRIVILEGE = 256;

/** The most lines of one list that an owner writes. */
export const MOST_LINES = 100;

/** The most roles of one user: with his own list, no effective list is longer than 1000 lines. */
export const MOST_ROLES = 9;

/** Parts that are not empty, parted by periods [0324 schema, PrivilegeId]. */
const PRIVILEGE_ID = /^[^.]+(?:\.[^.]+)*$/;

/** Whether this is the id of a privilege. */
export function isPrivilegeId(text: string): boolean {
  return text.length <= LONGEST_PRIVILEGE && PRIVILEGE_ID.test(text);
}

/** Whether a granted id is this privilege, or stands above it in the tree: they compare by whole parts [0324 3.7.1]. */
export function coversPrivilege(granted: string, id: string): boolean {
  return id.startsWith(granted) && (id.length === granted.length || id[granted.length] === '.');
}

/** The line of a list that decides about a privilege: the first that covers it. Without one the answer is no. */
export function decidingEntry(entries: Iterable<PrivilegeEntry>, id: string): PrivilegeEntry | undefined {
  for (const entry of entries) if (coversPrivilege(entry.id, id)) return entry;
  return undefined;
}

/** Whether a list includes a privilege [0324 3.7.1]. */
export function includesPrivilege(entries: Iterable<PrivilegeEntry>, id: string): boolean {
  return decidingEntry(entries, id)?.include ?? false;
}

/** The same list without the lines that never decide, because an earlier one covers all that they do. */
export function effectiveEntries(entries: Iterable<PrivilegeEntry>): PrivilegeEntry[] {
  const decided = new Set<string>();
  const kept: PrivilegeEntry[] = [];
  for (const entry of entries) {
    if (pathOf(entry.id).some((above) => decided.has(above))) continue;
    decided.add(entry.id);
    kept.push(entry);
  }
  return kept;
}

/** The ids of the privileges above one, from the root down, and its own. */
function pathOf(id: string): string[] {
  const path: string[] = [];
  for (let end = id.indexOf('.'); end >= 0; end = id.indexOf('.', end + 1)) path.push(id.slice(0, end));
  return [...path, id];
}
