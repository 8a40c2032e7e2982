import { asKind, discoveryKind } from './discovery-kind.js';
import {
  backslashForm,
  type Form,
  flaw,
  formOf,
  type Part,
  REGISTRY,
  readParts,
  uriForm,
  writeParts,
} from './discovery-text.js';
import { HubError } from './errors.js';
import { KEY, numberValue, stringValue, type Tag, tagSet } from './tag.js';

/** What the QR code on a thing says: the tags that its owner claims it with [0347 3.9]. */
export interface ClaimCode {
  /** In the order of the code, without tag R. */
  readonly tags: readonly Tag[];
  /** The registry where the thing registers: tag R; absent where the code names none. */
  readonly registry?: string;
}

/**
 * Writes the claim code that is printed on things: the `iotdisco:` form, which owners' apps take only with both KEY
 * and R, so R is appended always. Throws claim-code-malformed for tags that no thing may have.
 */
export function encodeClaimCode(tags: readonly Tag[], registry: string): string {
  const own = tags.filter((tag) => tag.name !== REGISTRY);
  return write(uriForm, [...own, { name: REGISTRY, value: registry }]);
}

/** Writes the older form of the XEP, which names no registry. Throws claim-code-malformed. */
export function encodeXepClaimCode(tags: readonly Tag[]): string {
  return write(
    backslashForm,
    tags.filter((tag) => tag.name !== REGISTRY),
  );
}

/** Reads both forms of claim codes. Throws claim-code-malformed, saying what is wrong where. */
export function decodeClaimCode(text: string): ClaimCode {
  const form = formOf(text);
  if (form === undefined) throw new HubError('claim-code-malformed');
  return asKind('claim', () => {
    const all = tagSet(readParts(text, form).map(readTag));
    const registry = all.find((tag) => tag.name === REGISTRY);
    const tags = all.filter((tag) => tag !== registry);
    if (typeof registry?.value === 'number') throw flaw('its tag R is a number, not the address of a hub');
    if (tags.length === 0) throw flaw('it holds no tags');
    if (discoveryKind(text) === 'direct') throw flaw('it has no KEY: it only names a thing by its address');
    if (form === uriForm && !tags.some((tag) => tag.name === KEY))
      throw flaw('it has no KEY: it is good for a search, not for a claim');
    return registry === undefined ? { tags } : { tags, registry: registry.value };
  });
}

function write(form: Form, tags: readonly Tag[]): string {
  return asKind('claim', () => writeParts(tagSet(tags).map(partOf), form));
}

function partOf({ name, value }: Tag): Part {
  if (typeof value === 'string') return { name, numeric: false, operator: '=', value: stringValue(value) };
  if (!Number.isFinite(value)) throw flaw(`${name} is no finite number`);
  return { name, numeric: true, operator: '=', value: String(value) };
}

function readTag({ name, numeric, operator, value }: Part): Tag {
  if (operator !== '=') throw flaw('it compares values: it is good for a search, not for a claim');
  return { name, value: numeric ? numberValue(value) : stringValue(value) };
}
