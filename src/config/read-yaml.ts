import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { Assignment, Reading } from './assignment.js';
import type { Problem } from './config-error.js';
import type { KeyIndex } from './key-index.js';
import type { Raw } from './setting.js';

/** What a configuration file says. `name` is the file's, for messages. */
export function readYaml(text: string, name: string, keys: KeyIndex): Reading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      place: placeAt(error.pos[0]),
      text: `this is not YAML: ${error.message.split(' at line ')[0]}`,
    }));
    return { assignments: [], problems };
  }
  const walk = new Walk(keys, placeAt);
  if (document.contents !== null) walk.group(document.contents, '', 0);
  return walk;
}

/** One way through the document, down the groups to the settings. */
class Walk implements Reading {
  readonly assignments: Assignment[] = [];
  readonly problems: Problem[] = [];
  private readonly keys: KeyIndex;
  private readonly placeAt: (offset: number) => string;

  constructor(keys: KeyIndex, placeAt: (offset: number) => string) {
    this.keys = keys;
    this.placeAt = placeAt;
  }

  /** A map of keys; `offset` is where its own key stands. */
  group(node: unknown, prefix: string, offset: number): void {
    if (isScalar(node) && node.value === null) return;
    if (!isMap(node)) {
      const what =
        prefix === '' ? 'expected "key: value" lines' : `expected keys below "${prefix.slice(0, -1)}"`;
      this.problems.push({ place: this.placeAt(startOf(node) ?? offset), text: what });
      return;
    }
    for (const pair of node.items) this.pair(pair, prefix, offset);
  }

  private pair({ key, value }: Pair, prefix: string, parent: number): void {
    const offset = startOf(key) ?? parent;
    const place = this.placeAt(offset);
    if (!isScalar(key) || typeof key.value !== 'string') {
      this.problems.push({ place, text: 'expected the name of a setting' });
      return;
    }
    const name = `${prefix}${key.value}`;
    const known = this.keys.named(name);
    if (known === undefined) {
      if (this.keys.isGroup(name)) this.group(value, `${name}.`, offset);
      else this.problems.push({ place, text: this.keys.unknown(name) });
      return;
    }
    const raw = rawOf(value);
    const valuePlace = this.placeAt(startOf(value) ?? offset);
    if (raw === undefined)
      this.problems.push({ place: valuePlace, text: `"${name}": expected ${known.setting.expects}` });
    else if (this.assignments.some((earlier) => earlier.key === known)) {
      this.problems.push({ place, text: `"${name}" is set twice` });
    } else this.assignments.push({ key: known, place: valuePlace, value: { raw } });
  }
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}

/** A value without maps, aliases and other surprises of YAML; `undefined` where it has some. */
function rawOf(node: unknown): Raw | undefined {
  if (node === null) return null;
  if (isAlias(node)) return undefined;
  if (isSeq(node)) {
    const items = node.items.map(rawOf);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (!isScalar(node)) return undefined;
  const { value } = node;
  return typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value === null
    ? value
    : undefined;
}
