import type { Files } from '../system/files.js';
import type { Machine } from '../system/machine.js';
import type { Assignment, Reading } from './assignment.js';
import { ConfigError, type Problem } from './config-error.js';
import { KeyIndex } from './key-index.js';
import { readEnvironment, readSettings } from './read-texts.js';
import { type Config, isSetting, type Schema, schema, type Values } from './schema.js';
import type { Checked } from './setting.js';

/** Where the configuration file is looked for when nobody names one. */
export const DEFAULT_FILE = '/etc/hearth/hearth.yaml';

/** From where a configuration is put together. */
export interface Sources {
  /** The file of `--config`: it must be there. Without one, the default file is read if it is there. */
  readonly file?: string | undefined;
  /** Environment variables; those that begin with `HEARTH_` are settings. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The `KEY=VALUE` of `--set`, in their order; later ones win. */
  readonly set: readonly string[];
}

/**
 * The hub's configuration: defaults, file, environment, `--set`; each overrides those before it. Throws ConfigError,
 * which names every problem with its place.
 */
export async function loadConfig(
  sources: Sources,
  machine: Pick<Machine, 'label' | 'dataFolder'>,
  files: Pick<Files, 'read'>,
): Promise<Config> {
  const values = await loadValues(schema, sources, files);
  const data = values.data ?? machine.dataFolder;
  return { ...values, name: values.name?.toLowerCase() ?? machine.label, data };
}

/** Values for any table of settings; throws ConfigError. */
export async function loadValues<const S extends Schema>(
  table: S,
  sources: Sources,
  files: Pick<Files, 'read'>,
): Promise<Values<S>> {
  const keys = new KeyIndex(table);
  const readings = [
    await readFile(sources.file, files, keys),
    readEnvironment(sources.env, keys),
    readSettings(sources.set, keys),
  ];
  const problems: Problem[] = readings.flatMap((reading) => reading.problems);
  const chosen = new Map<string, unknown>();
  for (const assignment of readings.flatMap((reading) => reading.assignments)) {
    const checked = await readValue(assignment, files);
    if ('value' in checked) chosen.set(assignment.key.path, checked.value);
    else problems.push({ place: assignment.place, text: complaint(assignment, checked.expected) });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return assemble(table, chosen, '') as Values<S>;
}

async function readFile(
  file: string | undefined,
  files: Pick<Files, 'read'>,
  keys: KeyIndex,
): Promise<Reading> {
  const name = file ?? DEFAULT_FILE;
  const nothing = { assignments: [], problems: [] };
  let bytes: Buffer | undefined;
  try {
    bytes = await files.read(name);
  } catch (error) {
    return {
      assignments: [],
      problems: [{ place: name, text: `the file cannot be read (${codeOf(error)})` }],
    };
  }
  if (bytes === undefined) {
    return file === undefined
      ? nothing
      : { assignments: [], problems: [{ place: name, text: 'there is no such file' }] };
  }
  // The parser costs some of the time to the first connection, so it is loaded only where there is a file.
  const { readYaml } = await import('./read-yaml.js');
  return readYaml(bytes.toString('utf8'), name, keys);
}

async function readValue(assignment: Assignment, files: Pick<Files, 'read'>): Promise<Checked<unknown>> {
  const { key, value } = assignment;
  if (!key.fromFile) return 'raw' in value ? key.setting.check(value.raw) : key.setting.checkText(value.text);
  const name = 'raw' in value ? value.raw : value.text;
  if (typeof name !== 'string') return { expected: 'the name of a file' };
  try {
    const bytes = await files.read(name);
    if (bytes === undefined) return { expected: `the name of a file, and there is no ${name}` };
    return key.setting.checkText(bytes.toString('utf8').replace(/\r?\n$/, ''));
  } catch (error) {
    return { expected: `the name of a file that can be read (${codeOf(error)})` };
  }
}

function complaint({ key, value }: Assignment, expected: string): string {
  const given = key.setting.secret ? '' : `, not ${JSON.stringify('raw' in value ? value.raw : value.text)}`;
  return `"${key.path}": expected ${expected}${given}`;
}

function assemble(table: Schema, chosen: ReadonlyMap<string, unknown>, prefix: string): unknown {
  const values: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(table)) {
    const path = `${prefix}${key}`;
    if (isSetting(entry)) values[key] = chosen.has(path) ? chosen.get(path) : entry.fallback;
    else values[key] = assemble(entry, chosen, `${path}.`);
  }
  return values;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
