/**
 * The four namespace generations of discovery and provisioning that are alive: the XEPs' own, IEEE P1451.99's,
 * and the Neuro-Foundation's older and newer one.
 */
export const generations = ['xmpp', 'ieee', 'nf', 'nfi'] as const;

/** One generation of namespaces. */
export type Generation = (typeof generations)[number];

/** What a thing speaks with the hub: one of the generations, or Simple IoT. */
export type Dialect = Generation | 'siot';
