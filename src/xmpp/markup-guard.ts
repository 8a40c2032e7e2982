const CDATA = '<![CDATA[';
const CDATA_END = ']]>';
const MARK = /<[!?]/g;
const DECLARATION = /^<\?xml[ \t\r\n]/;

/**
 * Finds what RFC 6120 §11.1 forbids (document types, declarations, comments, processing instructions) as soon as its
 * first characters are there. The parser beneath would gather all of a document type before it speaks of one.
 */
export class MarkupGuard {
  /** The beginning of markup that the last text ended with. */
  private tail = '';
  private inCdata = false;
  /** Whether the first characters of the document are still to come. */
  private first = true;

  /**
   * Where forbidden markup begins in `text`, negative if it began in the text before; `undefined` if there is none.
   * The XML declaration at the very beginning is allowed.
   */
  find(text: string): number | undefined {
    const before = this.tail.length;
    const all = before === 0 ? text : this.tail + text;
    let at = 0;
    if (this.first) {
      if (all.length < 6 && '<?xml '.startsWith(all)) {
        this.tail = all;
        return undefined;
      }
      this.first = false;
      if (DECLARATION.test(all)) at = 6;
    }
    this.tail = '';
    for (;;) {
      if (this.inCdata) {
        const end = all.indexOf(CDATA_END, at);
        if (end === -1) return this.keep(all, at, CDATA_END);
        this.inCdata = false;
        at = end + CDATA_END.length;
      }
      at = nextMark(all, at);
      if (at === -1) return this.keep(all, 0, '<');
      const mark = all.slice(at, at + CDATA.length);
      if (!CDATA.startsWith(mark)) return at - before;
      if (mark.length < CDATA.length) {
        this.tail = mark;
        return undefined;
      }
      this.inCdata = true;
      at += CDATA.length;
    }
  }

  /** Keeps as much of the end of `all`, behind `from`, as `mark` may begin with. */
  private keep(all: string, from: number, mark: string): undefined {
    const longest = Math.min(mark.length - 1 || 1, all.length - from);
    for (let length = longest; length > 0; length--) {
      if (!mark.startsWith(all.slice(-length))) continue;
      this.tail = all.slice(-length);
      return;
    }
  }
}

/** The next `<!` or `<?` from `from` on, or -1. */
function nextMark(text: string, from: number): number {
  MARK.lastIndex = from;
  return MARK.test(text) ? MARK.lastIndex - 2 : -1;
}
