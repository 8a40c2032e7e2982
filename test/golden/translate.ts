import { discoveryNs, provisioningNs, tokensNs } from '../../src/dialects/namespaces.js';
import type { Spelling } from '../../src/domain/access.js';
import type { Generation } from '../../src/domain/generation.js';
import { Element, type Node } from '../../src/xmpp/element.js';

/** What an example of a XEP becomes. */
export interface Form {
  readonly generation: Generation;
  /** Of all names but those of parameters. */
  readonly names: Spelling;
  /** Of parameters, which clients spell as they did in the XEP. */
  readonly parameters: Spelling;
}

/** The form in which a generation is written, with parameters as its clients have them. */
export function formOf(generation: Generation, parameters: Spelling = 'long'): Form {
  return { generation, names: generation === 'xmpp' ? 'long' : 'short', parameters };
}

const NODE = { nodeId: 'id', sourceId: 'src', cacheType: 'pt' };
const ATTRIBUTES: Readonly<Record<string, string>> = {
  ...NODE,
  serviceToken: 'st',
  deviceToken: 'dt',
  userToken: 'ut',
  momentary: 'm',
  peak: 'p',
  status: 's',
  computed: 'c',
  identity: 'i',
  historical: 'h',
};
const ELEMENTS: Readonly<Record<string, string>> = { node: 'nd', field: 'f', parameter: 'p' };
const TOKENS = /^(getToken|tokenChallenge|getCertificate|certificate)/;

/** A stanza of a XEP in another generation: the payloads of discovery and provisioning are translated, others stay. */
export function translate(stanza: Element, form: Form): Element {
  const children = stanza.children.flatMap((child): Node[] => {
    if (!(child instanceof Element)) return [child];
    if (child.ns === discoveryNs.xmpp) return [discovery(child, form)];
    if (child.ns !== provisioningNs.xmpp) return [child];
    // The successors of the XEP acknowledge with an empty result.
    if (child.name === 'clearCacheResponse' && form.generation !== 'xmpp') return [];
    return [provisioning(child, form)];
  });
  return stanza.withChildren(children);
}

function discovery(payload: Element, form: Form): Element {
  const attributes = renamed(payload, form.names === 'short' ? NODE : {});
  // The owner is told in the XEP's namespace only.
  if (payload.name === 'thing' && form.generation !== 'xmpp') delete attributes.owner;
  const children = payload.children.map((child) =>
    child instanceof Element ? discovery(child, form) : child,
  );
  return new Element(payload.name, discoveryNs[form.generation], attributes, children);
}

function provisioning(payload: Element, form: Form): Element {
  const namespaces = TOKENS.test(payload.name) ? tokensNs : provisioningNs;
  return inNamespace(payload, namespaces[form.generation], form);
}

function inNamespace(element: Element, ns: string, form: Form): Element {
  const spelling = element.name === 'parameter' ? form.parameters : form.names;
  const short = spelling === 'short' ? ELEMENTS[element.name] : undefined;
  const names = form.names === 'short' ? ATTRIBUTES : {};
  const own = form.generation !== 'xmpp' && form.names === 'short' ? successor(element) : element;
  const attributes = renamed(own, short === undefined ? names : { ...names, name: 'n' });
  const children = element.children.map((child) =>
    child instanceof Element ? inNamespace(child, ns, form) : child,
  );
  return new Element(short ?? element.name, ns, attributes, children);
}

/**
 * The successors know the historical categories together only, so that a part is asked for as all and granted as none,
 * and nothing of secondary trust.
 */
function successor(element: Element): Element {
  const parts = Object.keys(element.attributes).filter((name) => /^historical./.test(name));
  const none = Object.fromEntries([...parts, 'secondaryTrustAllowed'].map((name) => [name, undefined]));
  const asks = parts.length > 0 && element.name === 'canRead';
  return element.withAttributes(asks ? { ...none, historical: 'true' } : none);
}

function renamed(element: Element, names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(element.attributes).map(([name, value]) => [names[name] ?? name, value]),
  );
}
