import { HubError } from '../domain/errors.js';
import { bareJid } from '../domain/jid.js';
import { Element } from '../xmpp/element.js';

/** An attribute that must be there. */
export function required(payload: Element, name: string): string {
  const value = payload.attribute(name);
  if (value === undefined)
    throw new HubError('bad-request', `<${payload.name}/> needs the attribute "${name}".`);
  return value;
}

/** An attribute that must be there and hold between one and `maximum` characters. */
export function filled(payload: Element, name: string, maximum: number): string {
  const value = required(payload, name);
  if (value === '') throw new HubError('bad-request', `The attribute "${name}" may not be empty.`);
  if (value.length > maximum)
    throw new HubError('bad-request', `The attribute "${name}" is longer than ${maximum} characters.`);
  return value;
}

/**
 * An attribute that has a long and a short name, both of which are read; empty counts as absent. Refuses with
 * bad-request two values that differ.
 */
export function either(payload: Element, long: string, short: string): string {
  const first = payload.attribute(long) ?? '';
  const second = payload.attribute(short) ?? '';
  if (first !== '' && second !== '' && first !== second)
    throw new HubError('bad-request', `"${long}" and "${short}" say different things.`);
  return first === '' ? second : first;
}

/** An attribute that must be a JID; its bare form. */
export function jidAttribute(payload: Element, name = 'jid'): string {
  return bareJid(required(payload, name));
}

/** An attribute of XML Schema's type boolean. */
export function booleanAttribute(payload: Element, name: string, absent: boolean): boolean {
  const value = payload.attribute(name);
  if (value === undefined) return absent;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new HubError('bad-request', `The attribute "${name}" is true or false.`);
}

/** An attribute of XML Schema's type boolean that must be there. */
export function requiredBoolean(payload: Element, name: string): boolean {
  required(payload, name);
  return booleanAttribute(payload, name, false);
}

/** An attribute that is a whole number; larger and smaller ones are brought into the bounds. */
export function integerAttribute(
  payload: Element,
  name: string,
  absent: number,
  minimum: number,
  maximum: number,
): number {
  const value = payload.attribute(name);
  if (value === undefined) return absent;
  if (!/^[+-]?\d{1,15}$/.test(value))
    throw new HubError('bad-request', `The attribute "${name}" is a whole number.`);
  return Math.min(Math.max(Number(value), minimum), maximum);
}

/** An attribute of XML Schema's type int, a whole number of 32 bits, that must be there. */
export function requiredInt(payload: Element, name: string): number {
  const text = required(payload, name);
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= -(2 ** 31) && value < 2 ** 31))
    throw new HubError('bad-request', `The attribute "${name}" is a whole number of 32 bits.`);
  return value === 0 ? 0 : value;
}

/** The text of an element that holds nothing else. Refuses with bad-request an element in it. */
export function textOnly(payload: Element): string {
  const inner = payload.elements()[0];
  if (inner !== undefined) throw unexpected(payload, inner);
  return payload.text();
}

/** The child elements of a payload that may hold no text beside them. */
export function childElements(payload: Element): Element[] {
  const children: Element[] = [];
  for (const child of payload.children) {
    if (child instanceof Element) children.push(child);
    else if (child.trim() !== '') throw new HubError('bad-request', `<${payload.name}/> may not hold text.`);
  }
  return children;
}

/** A child element that a payload of this dialect may not have. */
export function unexpected(payload: Element, child: Element): HubError {
  return new HubError('bad-request', `<${payload.name}/> may not hold <${child.name}/>.`);
}

/** The answer that must be the element `name`. */
export function answerElement(payload: Element | undefined, name: string): Element {
  if (payload === undefined || payload.name !== name)
    throw new HubError('bad-request', `The answer is no <${name}/>.`);
  return payload;
}
