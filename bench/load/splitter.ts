/**
 * Cuts a stream into its stanzas by counting tags: enough for servers that serialise as XMPP servers do (no CDATA, no
 * comments, `>` escaped in attributes), and much cheaper than a parser.
 */
export class Splitter {
  private rest = '';
  private header: boolean;

  /** `header`: a stream header comes first, and is dropped. */
  constructor(header: boolean) {
    this.header = header;
  }

  /** Hands each stanza that is complete now to `each`. */
  push(text: string, each: (stanza: string) => void): void {
    const all = this.rest === '' ? text : this.rest + text;
    this.rest = '';
    let start = 0;
    if (this.header) {
      const begin = all.indexOf('<stream:stream');
      const end = begin < 0 ? -1 : all.indexOf('>', begin);
      if (end < 0) {
        this.rest = all;
        return;
      }
      this.header = false;
      start = end + 1;
    }
    for (let end = endOf(all, start); end > 0; end = endOf(all, start)) {
      each(all.slice(start, end));
      start = end;
    }
    if (start < all.length) this.rest = all.slice(start);
  }
}

/** Where the stanza that begins at `start` ends; 0 if it is not complete. */
function endOf(text: string, start: number): number {
  let depth = 0;
  let at = start;
  for (;;) {
    const open = text.indexOf('<', at);
    const close = open < 0 ? -1 : text.indexOf('>', open);
    if (close < 0) return 0;
    at = close + 1;
    if (text.charCodeAt(open + 1) === 0x2f) depth--;
    else if (text.charCodeAt(close - 1) !== 0x2f) depth++;
    if (depth <= 0) return at;
  }
}
