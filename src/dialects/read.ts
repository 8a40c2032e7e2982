import { HubError } from '../domain/errors.js';
import { bareJid } from '../domain/jid.js';
import type { Element } from '../xmpp/element.js';

/** An attribute that must be there. */
export function required(payload: Element, name: string): string {
  const value = payload.attribute(name);
  if (value === undefined)
    throw new HubError('bad-request', `<${payload.name}/> needs the attribute "${name}".`);
  return value;
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
