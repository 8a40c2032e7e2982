import { nearest } from '../domain/nearest.js';
import { type Schema, settingsOf, variableOf } from './schema.js';
import type { Setting } from './setting.js';

/** A setting as a source names it; `fromFile` where the value is the name of a file that holds a secret. */
export interface Key {
  readonly path: string;
  readonly setting: Setting<unknown>;
  readonly fromFile: boolean;
}

/** The keys of a table by their names, and what somebody meant who wrote another. */
export class KeyIndex {
  private readonly byName = new Map<string, Key>();
  private readonly byVariable = new Map<string, Key>();

  constructor(schema: Schema) {
    for (const [path, setting] of settingsOf(schema)) {
      this.add(path, { path, setting, fromFile: false });
      if (setting.secret) this.add(`${path}File`, { path, setting, fromFile: true });
    }
  }

  private add(name: string, key: Key): void {
    this.byName.set(name, key);
    this.byVariable.set(variableOf(name), key);
  }

  /** The key called `server.port`. */
  named(name: string): Key | undefined {
    return this.byName.get(name);
  }

  /** The key of the variable `HEARTH_SERVER_PORT`. */
  ofVariable(variable: string): Key | undefined {
    return this.byVariable.get(variable);
  }

  /** Whether keys stand below this name. */
  isGroup(name: string): boolean {
    return [...this.byName.keys()].some((known) => known.startsWith(`${name}.`));
  }

  /** What to tell somebody who wrote a name that is none. */
  unknown(name: string): string {
    const paths = [...this.byName.keys()];
    const groups = paths
      .filter((path) => path.includes('.'))
      .map((path) => path.slice(0, path.lastIndexOf('.')));
    const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1).toLowerCase();
    const meant = nearest(name, [...paths, ...groups]) ?? paths.find((path) => last(path) === last(name));
    return `"${name}" is no setting.${meant === undefined ? ' All settings: docs/configuration.md' : ` Did you mean "${meant}"?`}`;
  }

  /** What to tell somebody who set a variable that is none. */
  unknownVariable(variable: string): string {
    const meant = nearest(variable, [...this.byVariable.keys()]);
    return `this variable is no setting.${meant === undefined ? ' All settings: docs/configuration.md' : ` Did you mean ${meant}?`}`;
  }
}
