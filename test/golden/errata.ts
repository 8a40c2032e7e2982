/** A place where a specification's example and what Hearth writes differ on purpose; ERRATA.md tells why. */
export interface Erratum {
  /** Number of the example's file, as in its name. */
  readonly examples: readonly string[];
  /** Makes of the example's text what Hearth writes. */
  readonly correct: (text: string) => string;
}

/** ERRATA.md, entry 1: `public` is always said. */
const SAY_PUBLIC: Erratum = {
  examples: [
    'xep-0347/register-11',
    'xep-0347/claim-15',
    'xep-0347/claim-17',
    'xep-0347/claim-18',
    'xep-0347/claimed-20',
    'xep-0347/claimed-22',
  ],
  correct: (text) =>
    text.replaceAll(/<(claimed|mine)\b(?![^>]*\bpublic=)([^>]*?)(\/?)>/g, "<$1$2 public='true'$3>"),
};

/** ERRATA.md, entry 6: the claimed thing has no resource. */
const BARE_THING: Erratum = {
  examples: ['xep-0347/claim-18'],
  correct: (text) => text.replace("jid='rack@example.org/plcs'", "jid='rack@example.org'"),
};

/** All of them. */
export const errata: readonly Erratum[] = [SAY_PUBLIC, BARE_THING];

/** The example's text with all corrections. */
export function corrected(file: string, text: string): string {
  return errata
    .filter(({ examples }) => examples.some((example) => file.startsWith(example)))
    .reduce((current, { correct }) => correct(current), text);
}
