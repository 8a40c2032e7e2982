/** XEP-0325: Internet of Things - Control, version 0.5.1: the codec of control commands and forms. */
import type { Tokens } from '../domain/access.js';
import type { NodePart } from '../domain/command.js';
import { type ErrorCode, HubError } from '../domain/errors.js';
import { boundsOf, type ParameterShape } from '../domain/parameter.js';
import { type Element, element } from '../xmpp/element.js';
import { readTokens, writeTokens } from './caller-tokens.js';
import { readParts, writeNames, writeNodes } from './named-parts.js';
import { requiredNode } from './node.js';
import { required } from './read.js';

export const CONTROL = 'urn:xmpp:iot:control';
const FORM = 'jabber:x:data';
const VALIDATE = 'http://jabber.org/protocol/xdata-validate';

/** One parameter that a caller wants to set, as it is written. */
export interface Setting {
  readonly name: string;
  /** The element's name; `undefined` in a form, which has no types. */
  readonly type: string | undefined;
  readonly text: string;
}

/** A command to set parameters [0325 3.1]. */
export interface SetRequest {
  readonly settings: readonly Setting[];
  /** Nodes behind a concentrator. */
  readonly nodes: readonly NodePart[];
  /** On whose behalf it is sent [0324 6.6]. */
  readonly tokens: Tokens;
}

/** What of a command was carried out; empty lists stand for what it said. */
export interface SetResponse {
  readonly nodes: readonly NodePart[];
  readonly parameters: readonly string[];
}

/** Response codes of XEP-0325 before version 0.3, which the examples of XEP-0324 still have. */
const CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['InsufficientPrivileges', 'forbidden'],
  ['NotFound', 'item-not-found'],
]);

const TYPES = ['boolean', 'int', 'long', 'string', 'double', 'date', 'time', 'dateTime', 'duration', 'color'];

/** Reads `<set/>`, with typed parameters or a form. Throws bad-request. */
export function readSet(payload: Element): SetRequest {
  const settings: Setting[] = [];
  const nodes: NodePart[] = [];
  for (const child of payload.elements()) {
    if (child.is('node', CONTROL)) nodes.push(requiredNode(child));
    else if (child.ns === CONTROL && TYPES.includes(child.name))
      settings.push({ name: required(child, 'name'), type: child.name, text: required(child, 'value') });
    else if (child.is('x', FORM)) settings.push(...readForm(child));
    else throw new HubError('bad-request', `<set/> may not hold <${child.name}/>.`);
  }
  if (settings.length === 0) throw new HubError('bad-request', 'A control command names parameters.');
  return { settings, nodes, tokens: readTokens(payload) };
}

/** `<set/>` of who wants to set parameters, all of them typed. Throws bad-request. */
export function writeSet({ settings, nodes, tokens }: SetRequest): Element {
  const parameters = settings.map(({ name, type, text }) => {
    if (type === undefined) throw new HubError('bad-request', 'A parameter of a form has no type.');
    return element(type, CONTROL, { name, value: text });
  });
  return element(
    'set',
    CONTROL,
    { ...writeTokens(tokens, 'xmpp') },
    ...writeNodes(nodes, 'xmpp', CONTROL),
    ...parameters,
  );
}

/** The nodes of a request for the form [0325 3.2]. Throws bad-request. */
export function readGetForm(payload: Element): readonly NodePart[] {
  return payload
    .elements()
    .filter((child) => child.is('node', CONTROL))
    .map(requiredNode);
}

/** `<paramError/>`: what is wrong with one parameter [0325 3.1.3]. */
export function writeParamError(name: string, text: string): Element {
  return element('paramError', CONTROL, { var: name }, text);
}

/** `<setResponse/>`: done as it was asked, or what of it was done [0325 3.1.1]. */
export function writeSetResponse(
  { nodes, parameters }: SetResponse = { nodes: [], parameters: [] },
): Element {
  return element(
    'setResponse',
    CONTROL,
    {},
    ...writeNodes(nodes, 'xmpp', CONTROL),
    ...writeNames(parameters, 'parameter', 'long', CONTROL),
  );
}

/** Reads `<setResponse/>`. Throws what an old response code says, else bad-request. */
export function readSetResponse(payload: Element): SetResponse {
  const code = payload.attribute('responseCode') ?? 'OK';
  if (code !== 'OK')
    throw new HubError(CODES.get(code) ?? 'not-acceptable', `The command was not carried out: ${code}.`);
  const { nodes, names } = readParts(payload, 'parameter');
  return { nodes, parameters: names };
}

/** The form of parameters with their present values [0325 3.3.1]. */
export function writeForm(
  title: string,
  parameters: readonly (readonly [ParameterShape, string])[],
): Element {
  const fields = parameters.map(([parameter, value]) => {
    const type = parameter.type === 'boolean' ? 'boolean' : 'text-single';
    const attributes = { var: parameter.name, type, label: parameter.label ?? parameter.name };
    return element('field', FORM, attributes, element('value', FORM, {}, value), writeValidation(parameter));
  });
  return element('x', FORM, { type: 'form' }, element('title', FORM, {}, title), ...fields);
}

function writeValidation(parameter: ParameterShape): Element | undefined {
  if (parameter.type !== 'int' && parameter.type !== 'double') return undefined;
  const { min, max } = boundsOf(parameter);
  const range = Number.isFinite(min) && Number.isFinite(max);
  return element(
    'validate',
    VALIDATE,
    { datatype: `xs:${parameter.type}` },
    range ? element('range', VALIDATE, { min: String(min), max: String(max) }) : undefined,
  );
}

function readForm(form: Element): Setting[] {
  if (form.attribute('type') !== 'submit')
    throw new HubError('bad-request', 'A form is set with type submit.');
  return form
    .elements()
    .filter((child) => child.is('field', FORM) && child.attribute('type') !== 'hidden')
    .map((field) => ({
      name: required(field, 'var'),
      type: undefined,
      text: field.child('value')?.text() ?? '',
    }));
}
