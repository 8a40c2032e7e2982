import { type Category, categories } from '../domain/access.js';
import type { NodePart } from '../domain/command.js';
import { isListOf, isRecord, isText } from './json-file.js';

/**
 * What a provisioning server answered, whatever it was asked. Empty lists of nodes and names stand for all that the
 * question named; categories are those that may be read, none for other questions.
 */
export interface Verdict {
  readonly result: boolean;
  /** The thing may also trust others [0324 3.1.4]; only ever true for isFriend. */
  readonly secondaryTrust: boolean;
  readonly categories: readonly Category[];
  readonly nodes: readonly NodePart[];
  /** Fields or parameters. */
  readonly names: readonly string[];
}

/** Whether a JSON value is a verdict that was kept. */
export function isVerdict(json: unknown): json is Verdict {
  if (!isRecord(json)) return false;
  const { result, secondaryTrust, categories: named, nodes, names } = json;
  return (
    typeof result === 'boolean' &&
    typeof secondaryTrust === 'boolean' &&
    isListOf(named, isCategory) &&
    isListOf(nodes, isNode) &&
    isListOf(names, isText)
  );
}

function isCategory(json: unknown): json is Category {
  return categories.some((category) => category === json);
}

function isNode(json: unknown): json is NodePart {
  return isRecord(json) && isText(json.nodeId) && isText(json.sourceId) && isText(json.cacheType);
}
