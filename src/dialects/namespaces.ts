import { type Generation, generations } from '../domain/generation.js';

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

/** Namespaces of tokens by generation: XEP-0324 has them with everything else. */
export const tokensNs: Readonly<Record<Generation, string>> = {
  xmpp: provisioningNs.xmpp,
  ieee: 'urn:ieee:iot:prov:t:1.0',
  nf: 'urn:nf:iot:prov:t:1.0',
  nfi: 'urn:nfi:iot:prov:t:1.0',
};

/** A generation of the harmonised dialects: all that came after the XEPs. */
export type HarmonizedGeneration = Exclude<Generation, 'xmpp'>;

/** All harmonised generations. */
export const harmonizedGenerations = generations.filter(
  (generation): generation is HarmonizedGeneration => generation !== 'xmpp',
);

/** Namespaces of provisioning on the owner's side, which XEP-0324 does not have. */
export const ownerNs: Readonly<Record<HarmonizedGeneration, string>> = {
  ieee: 'urn:ieee:iot:prov:o:1.0',
  nf: 'urn:nf:iot:prov:o:1.0',
  nfi: 'urn:nfi:iot:prov:o:1.0',
};

/** The namespace of Simple IoT. */
export const siotNs = 'urn:xmpp:siot:1';
