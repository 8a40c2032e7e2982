/** XEP-0325: Internet of Things - Control, version 0.5.1: the codec of control commands and forms. */
import { HubError } from '../domain/errors.js';
import { type Element, element } from '../xmpp/element.js';
import { DetailedRefusal } from '../xmpp/stanza.js';
import type { Parameter } from './options.js';

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
  readonly nodes: readonly string[];
}

const TYPES = ['boolean', 'int', 'long', 'string', 'double', 'date', 'time', 'dateTime', 'duration', 'color'];

/** Reads `<set/>`, with typed parameters or a form. Throws bad-request. */
export function readSet(payload: Element): SetRequest {
  const settings: Setting[] = [];
  const nodes: string[] = [];
  for (const child of payload.elements()) {
    if (child.is('node', CONTROL)) nodes.push(required(child, 'nodeId'));
    else if (child.ns === CONTROL && TYPES.includes(child.name))
      settings.push({ name: required(child, 'name'), type: child.name, text: required(child, 'value') });
    else if (child.is('x', FORM)) settings.push(...readForm(child));
    else throw new HubError('bad-request', `<set/> may not hold <${child.name}/>.`);
  }
  if (settings.length === 0) throw new HubError('bad-request', 'A control command names parameters.');
  return { settings, nodes };
}

/** The value of a setting for its parameter. Throws bad-request with paramError [0325 3.1.3]. */
export function settingValue(setting: Setting, parameter: Parameter): boolean | number | string {
  if (setting.type !== undefined && setting.type !== parameter.type)
    throw paramError(setting.name, 'Invalid parameter type.');
  const { text } = setting;
  if (parameter.type === 'string') return text;
  if (parameter.type === 'boolean') {
    if (/^(true|1)$/.test(text)) return true;
    if (/^(false|0)$/.test(text)) return false;
    throw paramError(setting.name, 'Invalid parameter value.');
  }
  const pattern = parameter.type === 'int' ? /^[+-]?\d{1,10}$/ : /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
  const value = pattern.test(text) ? Number(text) : Number.NaN;
  const { min, max } = bounds(parameter);
  if (!Number.isFinite(value) || value < min || value > max)
    throw paramError(setting.name, 'Invalid parameter value.');
  return value;
}

/** The refusal of one parameter. */
export function paramError(name: string, text: string): DetailedRefusal {
  return new DetailedRefusal(
    'bad-request',
    `${name}: ${text}`,
    element('paramError', CONTROL, { var: name }, text),
  );
}

/** `<setResponse/>`: done as it was asked. */
export function writeSetResponse(): Element {
  return element('setResponse', CONTROL);
}

/** The form of parameters with their present values [0325 3.3.1]. */
export function writeForm(title: string, parameters: readonly (readonly [Parameter, string])[]): Element {
  const fields = parameters.map(([parameter, value]) => {
    const type = parameter.type === 'boolean' ? 'boolean' : 'text-single';
    const attributes = { var: parameter.name, type, label: parameter.label ?? parameter.name };
    return element('field', FORM, attributes, element('value', FORM, {}, value), writeValidation(parameter));
  });
  return element('x', FORM, { type: 'form' }, element('title', FORM, {}, title), ...fields);
}

function writeValidation(parameter: Parameter): Element | undefined {
  if (parameter.type !== 'int' && parameter.type !== 'double') return undefined;
  const { min, max } = bounds(parameter);
  const range = Number.isFinite(min) && Number.isFinite(max);
  return element(
    'validate',
    VALIDATE,
    { datatype: `xs:${parameter.type}` },
    range ? element('range', VALIDATE, { min: String(min), max: String(max) }) : undefined,
  );
}

function bounds(parameter: Extract<Parameter, { type: 'int' | 'double' }>): { min: number; max: number } {
  const whole = parameter.type === 'int';
  return {
    min: parameter.min ?? (whole ? -(2 ** 31) : Number.NEGATIVE_INFINITY),
    max: parameter.max ?? (whole ? 2 ** 31 - 1 : Number.POSITIVE_INFINITY),
  };
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

function required(child: Element, name: string): string {
  const value = child.attribute(name);
  if (value === undefined) throw new HubError('bad-request', `<${child.name}/> needs "${name}".`);
  return value;
}
