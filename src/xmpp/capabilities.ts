import { createHash } from 'node:crypto';
import type { Element } from './element.js';
import { NS } from './namespaces.js';

/** What is told of one's features in short (XEP-0115 §4): whoever does not know it asks disco#info of `node#ver`. */
export interface Capabilities {
  /** Which program it is, as a URI. */
  readonly node: string;
  readonly hash: 'sha-1';
  readonly ver: string;
}

/** The capabilities that an answer to disco#info amounts to. */
export function capabilitiesOf(node: string, info: Element): Capabilities {
  return { node, hash: 'sha-1', ver: verificationString(info) };
}

/** XEP-0115 §5.1: identities and features in order, each with `<` behind it, hashed. Forms are not among ours. */
function verificationString(info: Element): string {
  const children = info.elements().filter(({ ns }) => ns === NS.discoInfo);
  const identities = children.filter(({ name }) => name === 'identity').map(identityText);
  const features = children.filter(({ name }) => name === 'feature').map((one) => one.attribute('var') ?? '');
  const text = [...identities.sort(byOctets), ...features.sort(byOctets)].map((part) => `${part}<`).join('');
  return createHash('sha1').update(text).digest('base64');
}

function identityText(identity: Element): string {
  const { category, type, 'xml:lang': lang, name } = identity.attributes;
  return [category, type, lang, name].map((part) => part ?? '').join('/');
}

function byOctets(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
