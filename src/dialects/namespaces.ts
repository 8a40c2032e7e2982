import type { Generation } from '../domain/generation.js';

/** Namespaces of discovery (XEP-0347 and its successors) by generation. */
export const discoveryNs: Readonly<Record<Generation, string>> = {
  xmpp: 'urn:xmpp:iot:discovery',
  ieee: 'urn:ieee:iot:disco:1.0',
  nf: 'urn:nf:iot:disco:1.0',
  nfi: 'urn:nfi:iot:disco:1.0',
};

/** Namespaces of provisioning on the device's side (XEP-0324 and its successors) by generation. */
export const provisioningNs: Readonly<Record<Generation, string>> = {
  xmpp: 'urn:xmpp:iot:provisioning',
  ieee: 'urn:ieee:iot:prov:d:1.0',
  nf: 'urn:nf:iot:prov:d:1.0',
  nfi: 'urn:nfi:iot:prov:d:1.0',
};
