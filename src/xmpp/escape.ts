/** Characters below U+0040 that stand for themselves in text (0), or not: in attributes only (1), anywhere (2). */
const SPECIAL = new Uint8Array(64);
for (let code = 0; code < 0x20; code++) SPECIAL[code] = 2;
SPECIAL[0x09] = 1;
SPECIAL[0x0a] = 1;
SPECIAL[0x22] = 1;
SPECIAL[0x27] = 1;
for (const character of '&<>') SPECIAL[character.charCodeAt(0)] = 2;

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

const REPLACEMENT = '\ufffd';
const NOT_TEXT =
  /[&<>\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const NOT_VALUE =
  /[&<>"'\u0000-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Text as character data. Characters that XML 1.0 forbids (most control characters, lone surrogates, U+FFFE, U+FFFF)
 * become U+FFFD: one foreign name with an escape character in it must not end the stream of whoever asked for it.
 */
export function escapeText(text: string): string {
  return isPlain(text, 2) ? text : text.replace(NOT_TEXT, reference);
}

/** Text as an attribute's value, in either kind of quotes; white space is kept from being normalised. */
export function escapeAttribute(value: string): string {
  return isPlain(value, 1) ? value : value.replace(NOT_VALUE, reference);
}

function reference(character: string): string {
  return REFERENCES[character] ?? REPLACEMENT;
}

/** Whether nothing in `text` needs escaping: a loop, as a regular expression costs more than short texts do. */
function isPlain(text: string, level: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x40 ? (SPECIAL[code] ?? 0) >= level : code >= 0xd800 && (code < 0xe000 || code > 0xfffd)) {
      return false;
    }
  }
  return true;
}
