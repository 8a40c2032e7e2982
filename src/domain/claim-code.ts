import { HubError } from './errors.js';
import { KEY, numberValue, stringValue, type Tag, tagName, tagSet } from './tag.js';

/** What the QR code on a thing says: the tags that its owner claims it with [0347 3.7]. */
export interface ClaimCode {
  /** In the order of the code, without tag R. */
  readonly tags: readonly Tag[];
  /** The registry where the thing registers: tag R; absent where the code names none. */
  readonly registry?: string;
}

/** Longest code that is read: a QR code holds no more bytes. */
const MAX_LENGTH = 2953;

/** Longest tag name: that of the XEP's successors. */
const MAX_NAME = 64;

/** Tag R names the registry. */
const REGISTRY = 'R';

/** How one form of claim codes separates names from values, and hides the separators in both. */
interface Form {
  readonly prefix: string;
  readonly equals: string;
  escape(text: string): string;
  unescape(text: string): string;
}

/** `IoTDisco;TAG:value;#NUM:value` [0347 3.7]: a backslash before each `;` and `\`. */
const backslashForm: Form = {
  prefix: 'IoTDisco;',
  equals: ':',
  escape: (text) => text.replaceAll(/[;\\]/g, '\\$&'),
  unescape: dropBackslashes,
};

/** `iotdisco:TAG=value;#NUM=value`, a URI: percent-encoded by us; backslashes are read as well. */
const uriForm: Form = {
  prefix: 'iotdisco:',
  equals: '=',
  escape: escapeUri,
  unescape: (text) =>
    text
      .split(/(\\.?)/su)
      .map(unescapeUriPart)
      .join(''),
};

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
  if (text.length > MAX_LENGTH) throw malformed(`it is longer than ${MAX_LENGTH} characters`);
  const form = [backslashForm, uriForm].find(({ prefix }) =>
    text.slice(0, prefix.length).toLowerCase().startsWith(prefix.toLowerCase()),
  );
  if (form === undefined) throw new HubError('claim-code-malformed');
  const parts = splitAtSemicolons(text.slice(form.prefix.length));
  const all = checked(() => tagSet(parts.map((part) => readTag(part, form))));
  const registry = all.find((tag) => tag.name === REGISTRY);
  const tags = all.filter((tag) => tag !== registry);
  if (typeof registry?.value === 'number') throw malformed('its tag R is a number, not the address of a hub');
  if (tags.length === 0) throw malformed('it holds no tags');
  if (form === uriForm && !tags.some((tag) => tag.name === KEY))
    throw malformed('it has no KEY: it is good for a search, not for a claim');
  return registry === undefined ? { tags } : { tags, registry: registry.value };
}

function write(form: Form, tags: readonly Tag[]): string {
  const parts = checked(() => tagSet(tags)).map(({ name, value }) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw malformed(`${name} is no finite number`);
    const hash = typeof value === 'number' ? '#' : '';
    const text = form.escape(typeof value === 'number' ? String(value) : checked(() => stringValue(value)));
    return `${hash}${form.escape(checked(() => tagName(name, MAX_NAME)))}${form.equals}${text}`;
  });
  return form.prefix + parts.join(';');
}

function readTag(part: string, form: Form): Tag {
  if (part === '') throw malformed('it has an empty part between two ";"');
  const numeric = part.startsWith('#');
  const equals = part.indexOf(form.equals);
  if (equals < 0) throw malformed(`"${shorten(part)}" has no "${form.equals}" after the name of the tag`);
  const rawName = part.slice(numeric ? 1 : 0, equals);
  if (form === uriForm && /[<>~]/.test(rawName))
    throw malformed('it compares values: it is good for a search, not for a claim');
  const name = tagName(form.unescape(rawName), MAX_NAME);
  const text = form.unescape(part.slice(equals + form.equals.length));
  return { name, value: numeric ? numberValue(text) : stringValue(text) };
}

/** Splits at each `;` that no backslash hides; the parts keep their escapes. */
function splitAtSemicolons(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ';') {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function dropBackslashes(text: string): string {
  if (/(^|[^\\])(\\\\)*\\$/.test(text)) throw malformed('it ends within an escape');
  return text.replaceAll(/\\(.)/gsu, '$1');
}

/** Percent-encodes what separates, and the signs that make a search of a code. */
function escapeUri(text: string): string {
  try {
    return encodeURIComponent(text).replaceAll('~', '%7E');
  } catch (cause) {
    throw new HubError('claim-code-malformed', why('a tag holds half a character'), { cause });
  }
}

/** A backslash with the character behind it, or a stretch without backslashes that may hold %XX. */
function unescapeUriPart(part: string): string {
  if (part.startsWith('\\')) return dropBackslashes(part);
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new HubError('claim-code-malformed', why(`"${shorten(part)}" has a % that begins no escape`), {
      cause,
    });
  }
}

/** Runs a check of tags and gives its refusal the code of claim codes. */
function checked<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof HubError) || error.code === 'claim-code-malformed') throw error;
    throw new HubError('claim-code-malformed', `This is not a claim code: ${error.message}`, {
      cause: error,
    });
  }
}

function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}

function why(what: string): string {
  return `This is not a claim code: ${what}. Copy the whole text of the QR code.`;
}

function malformed(what: string): HubError {
  return new HubError('claim-code-malformed', why(what));
}
