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
  examples: ['xep-0324/can-access-22', 'xep-0324/has-privilege-23', 'xep-0324/download-privileges-24'],
  correct: (text) => text.replaceAll(/<!--.*?-->/gs, ''),
};

/** ERRATA.md, entry 15: words stand where base64 belongs. */
const BASE64: Erratum = {
  examples: ['xep-0324/get-token-04', 'xep-0324/challenge-token-07', 'xep-0324/get-token-21'],
  correct: (text) => text.replaceAll(/BASE-64 encoded [^<]+/gi, 'SGVh\n cnRo'),
};

/** ERRATA.md, entry 16: an error in an iq of type result. */
const ERROR_AS_RESULT: Erratum = {
  examples: ['xep-0324/answer-challenge-05', 'xep-0324/answer-challenge-06'],
  correct: (text) => text.replace("type='result'", "type='error'"),
};

/** ERRATA.md, entry 17: a line break in an address. */
const LINE_BREAK: Erratum = {
  examples: ['xep-0324/can-read-09'],
  correct: (text) => text.replace(/from='\s+/, "from='"),
};

/** ERRATA.md, entry 18: the result is of type set. */
const SET_AS_RESULT: Erratum = {
  examples: ['siot/friend-states-17'],
  correct: (text) => text.replace("type='set'", "type='result'"),
};

/** ERRATA.md, entry 15: base64 is written without white space. */
const BARE_BASE64: Erratum = {
  examples: BASE64.examples,
  correct: (text) => text.replaceAll(/SGVh\s+cnRo|BASE-64 encoded [^<]+/gi, 'SGVhcnRo'),
};

/** ERRATA.md, entry 19: who may not do something is refused with type auth. */
const FORBIDDEN_TYPE: Erratum = {
  examples: ['xep-0324/challenge-token-08'],
  correct: (text) => text.replace("type='cancel'", "type='auth'"),
};

const FORBIDDEN = "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

/** ERRATA.md, entry 20: `rejected` is gone from XEP-0323. */
const REJECTED: Erratum = {
  examples: ['xep-0324/can-read-14'],
  correct: (text) => text.replace(/<rejected.*?<\/rejected>/s, FORBIDDEN),
};

/** ERRATA.md, entry 20: response codes are gone from XEP-0325, and a command says no language. */
const RESPONSE_CODE: Erratum = {
  examples: ['xep-0324/can-control-17', 'xep-0324/can-control-18', 'xep-0324/can-control-19'],
  correct: (text) =>
    text
      .replace(/<setResponse[^>]*'InsufficientPrivileges'\/>/, FORBIDDEN)
      .replace(" responseCode='OK'", '')
      .replace(" xml:lang='en'", ''),
};

/** ERRATA.md, entry 21: the answer has no namespace. */
const PRIVILEGES_NS: Erratum = {
  examples: ['xep-0324/download-privileges-24'],
  correct: (text) =>
    text.replace(
      '<downloadPrivilegesResponse>',
      "<downloadPrivilegesResponse xmlns='urn:xmpp:iot:provisioning'>",
    ),
};

/** ERRATA.md, entry 22: parameters are children of the question. */
const NO_PARTIAL: Erratum = {
  examples: ['harmonized-owner/control-question-05'],
  correct: (text) => text.replaceAll(/<\/?partial>/g, ''),
};

/** ERRATA.md, entry 23: the token stands in an attribute. */
const TOKEN_ATTRIBUTE: Erratum = {
  examples: ['harmonized-tokens/get-certificate-02', 'harmonized-tokens/get-certificate-03'],
  correct: (text) =>
    text.replace(
      /<getCertificate xmlns='([^']*)'>\s*(\S+?)\s*<\/getCertificate>/,
      "<getCertificate xmlns='$1' token='$2'/>",
    ),
};

/** ERRATA.md, entry 24: what covers the caller alone says no range. */
const NO_RANGE: Erratum = {
  examples: ['harmonized-owner/friend-rule-07'],
  correct: (text) => text.replace(" range='Caller'", ''),
};

/** ERRATA.md, entry 25: addresses are written in small letters. */
const SMALL_LETTERS: Erratum = {
  examples: ['siot/pending-friends-15', 'siot/friend-states-16'],
  correct: (text) => text.replaceAll(/possibleFriend@/gi, (address) => address.toLowerCase()),
};

/** Mistakes in typing: taken out before anything is read. */
export const misprints: readonly Erratum[] = [
  QUOTATION_MARK,
  END_TAG,
  COMMENT,
  BASE64,
  ERROR_AS_RESULT,
  LINE_BREAK,
  SET_AS_RESULT,
];

/** Where Hearth reads what stands there, and writes something else. */
export const differences: readonly Erratum[] = [
  SAY_PUBLIC,
  BARE_THING,
  SAY_NAME_TWICE,
  BARE_BASE64,
  FORBIDDEN_TYPE,
  REJECTED,
  RESPONSE_CODE,
  PRIVILEGES_NS,
  NO_PARTIAL,
  TOKEN_ATTRIBUTE,
  NO_RANGE,
  SMALL_LETTERS,
];

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
