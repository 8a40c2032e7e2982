/** A place where a specification's example errs, or where Hearth differs on purpose; ERRATA.md tells why. */
export interface Erratum {
  /** The examples, each as its path up to the number. */
  readonly examples: readonly string[];
  /** Makes of the example's text what was meant, or what Hearth writes. */
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

/** ERRATA.md, entry 6: the thing that is claimed, removed or disowned has no resource. */
const BARE_THING: Erratum = {
  examples: ['xep-0347/claim-18', 'xep-0347/remove-25', 'xep-0347/disown-47'],
  correct: (text) => text.replace("jid='rack@example.org/plcs'", "jid='rack@example.org'"),
};

/** ERRATA.md, entry 10: the name stands in the attribute too, and no name says its language. */
const SAY_NAME_TWICE: Erratum = {
  examples: ['siot/register-01'],
  correct: (text) =>
    text
      .replace("xmlns='urn:xmpp:siot:1'", "xmlns='urn:xmpp:siot:1' name='Futuretec Light Bulb 10X'")
      .replace(" xml:lang='de'", ''),
};

/** ERRATA.md, entry 11: a quotation mark too many; the claim in example 5 is without. */
const QUOTATION_MARK: Erratum = {
  examples: ['siot/register-01'],
  correct: (text) => text.replace("10X'</name>", '10X</name>'),
};

/** ERRATA.md, entry 12: the end tag is misspelt, so that it is no XML. */
const END_TAG: Erratum = {
  examples: ['siot/claimed-07'],
  correct: (text) => text.replace('</messaage>', '</message>'),
};

/** ERRATA.md, entry 13: a comment, which no stanza may have. */
const COMMENT: Erratum = {
  examples: ['xep-0324/access-22', 'xep-0324/privilege-23', 'xep-0324/privilege-24'],
  correct: (text) => text.replaceAll(/<!--.*?-->/gs, ''),
};

/** Mistakes in typing: taken out before anything is read. */
export const misprints: readonly Erratum[] = [QUOTATION_MARK, END_TAG, COMMENT];

/** Where Hearth reads what stands there, and writes something else. */
export const differences: readonly Erratum[] = [SAY_PUBLIC, BARE_THING, SAY_NAME_TWICE];

/** The example's text without misprints. */
export function legible({ id, text }: { readonly id: string; readonly text: string }): string {
  return apply(misprints, id, text);
}

/** The example's text as Hearth writes it. */
export function corrected({ id, text }: { readonly id: string; readonly text: string }): string {
  return apply(differences, id, apply(misprints, id, text));
}

function apply(errata: readonly Erratum[], id: string, text: string): string {
  return errata
    .filter(({ examples }) => examples.includes(id))
    .reduce((current, { correct }) => correct(current), text);
}
