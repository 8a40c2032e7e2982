// Checks who imports whom in src/ against the table of import-rules.mjs, and that nothing outside system/ reaches for
// the ambient clock, timers or randomness. Prints each violation with its rule; exits with 1 if there is one.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ambient, outside, rooms } from './import-rules.mjs';

/** Every import and re-export of a source: what, whether by its types alone, on which line. */
export function importsOf(source) {
  const code = withoutComments(source);
  const found = [];
  const statement = /^[ \t]*(import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?['"]([^'"\n]+)['"]/gm;
  for (const match of code.matchAll(statement)) {
    const [, , type, names = '', specifier] = match;
    found.push({ specifier, types: type !== undefined || onlyTypes(names), line: lineAt(code, match.index) });
  }
  for (const match of code.matchAll(/\b(?:import|require)\s*\(\s*['"]([^'"\n]+)['"]\s*\)/g)) {
    found.push({ specifier: match[1], types: false, line: lineAt(code, match.index) });
  }
  return found;
}

/** `{ type A, type B }` imports types alone. */
function onlyTypes(names) {
  const inner = names.trim().match(/^\{([\s\S]*)\}$/)?.[1];
  const parts = inner
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return parts !== undefined && parts.length > 0 && parts.every((name) => name.startsWith('type '));
}

/** The same text with comments blanked out, so that lines keep their numbers. Strings stay. */
function withoutComments(source) {
  const pattern = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return source.replace(pattern, (text) => (text.startsWith('/') ? text.replace(/[^\n]/g, ' ') : text));
}

function lineAt(text, index) {
  return text.slice(0, index).split('\n').length + (text[index] === '\n' ? 1 : 0);
}

/** The violations of one file; `path` is relative to src, such as `services/registry/claim.ts`. */
export function violationsOf(path, source) {
  const room = path.startsWith('main') ? 'main' : path.split('/')[0];
  const rule = rooms[room];
  if (rule === undefined) return [`src/${path}: the room "${room}" is not in scripts/import-rules.mjs`];
  const violations = [];
  for (const { specifier, types, line } of importsOf(source)) {
    const complaint = complaintOf(path, room, rule, specifier, types);
    if (complaint !== undefined) violations.push(`src/${path}:${line}: ${complaint}`);
  }
  return [...violations, ...ambientCalls(path, room, source)];
}

function complaintOf(path, room, rule, specifier, types) {
  if (specifier.startsWith('node:')) {
    const name = specifier.slice(5);
    return (types && room !== 'domain') || rule.builtins.includes(name)
      ? undefined
      : `${room} may not use ${specifier}`;
  }
  if (!specifier.startsWith('.')) {
    return rule.packages.includes(specifier) ? undefined : `${room} may not use the package ${specifier}`;
  }
  const target = normalize(join(dirname(path), specifier));
  if (target.startsWith('..')) {
    return outside.includes(relative('..', target)) ? undefined : `${specifier} is outside src/`;
  }
  if (!target.endsWith('.js')) return `${specifier} must end in .js`;
  const file = target.slice(0, -3);
  if (rule.files === '*' || within(file, room)) return undefined;
  if (rule.files.some((allowed) => within(file, allowed))) return undefined;
  const byTypes = rule.files.some(
    (allowed) => allowed.startsWith('types:') && within(file, allowed.slice(6)),
  );
  if (byTypes && types) return undefined;
  if (byTypes) return `${room} may import ${file} by its types alone (import type)`;
  return `${room} may not import ${file}; it may import ${rule.files.join(', ') || 'nothing'}`;
}

function within(file, place) {
  return file === place || file.startsWith(`${place}/`);
}

function ambientCalls(path, room, source) {
  const code = withoutComments(source);
  const forbidden = ambient.filter(({ rooms: allowed }) => !allowed.includes(room));
  return forbidden
    .flatMap(({ pattern }) => [...code.matchAll(pattern)])
    .map(
      (match) =>
        `src/${path}:${lineAt(code, match.index)}: ${match[0].trim()} reaches around the world (src/system/world.ts)`,
    );
}

function main() {
  const files = readdirSync('src', { recursive: true }).filter((name) => name.endsWith('.ts'));
  const violations = files.flatMap((path) => violationsOf(path, readFileSync(join('src', path), 'utf8')));
  for (const violation of violations) console.error(violation);
  console.error(`${files.length} files, ${violations.length} violations of who may import whom.`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
