/** Why a stream cannot go on: a condition of RFC 6120 §4.9.3 and a sentence for the peer's log. */
export class StreamFault extends Error {
  readonly condition: string;

  constructor(condition: string, text: string) {
    super(text);
    this.condition = condition;
  }
}
