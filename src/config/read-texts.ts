import type { Assignment, Reading } from './assignment.js';
import type { Problem } from './config-error.js';
import type { KeyIndex } from './key-index.js';

/** What the environment says: every variable that begins with `HEARTH_` is a key, or a problem. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>, keys: KeyIndex): Reading {
  const assignments: Assignment[] = [];
  const problems: Problem[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('HEARTH_') || text === undefined) continue;
    const key = keys.ofVariable(variable);
    if (key === undefined) problems.push({ place: variable, text: keys.unknownVariable(variable) });
    else assignments.push({ key, place: variable, value: { text } });
  }
  return { assignments, problems };
}

/** What the command line says: each a `KEY=VALUE`. */
export function readSettings(settings: readonly string[], keys: KeyIndex): Reading {
  const assignments: Assignment[] = [];
  const problems: Problem[] = [];
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    const name = equals < 0 ? setting : setting.slice(0, equals);
    const place = `--set ${name}`;
    const key = keys.named(name);
    if (equals < 0) problems.push({ place, text: 'expected KEY=VALUE' });
    else if (key === undefined) problems.push({ place, text: keys.unknown(name) });
    else assignments.push({ key, place, value: { text: setting.slice(equals + 1) } });
  }
  return { assignments, problems };
}
