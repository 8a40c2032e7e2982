import { HubError } from '../../domain/errors.js';
import { Element, element } from '../../xmpp/element.js';

/** The namespace of XEP-0054. */
export const VCARD = 'vcard-temp';

/** Most characters of one card, and most cards. */
const MAX_CARD = 16_384;
const MAX_CARDS = 200;

/**
 * The cards that accounts publish of themselves (XEP-0054), while the hub runs: setup programs of things store one
 * and stop where they cannot.
 */
export class VcardShelf {
  private readonly cards = new Map<string, Element>();

  /** The card of an account, an empty one if it has none. */
  get(account: string): Element {
    return this.cards.get(account) ?? element('vCard', VCARD);
  }

  /** Replaces the card of an account. Refuses one that is too long with not-acceptable, too many with limit-reached. */
  put(account: string, card: Element): undefined {
    if (lengthOf(card) > MAX_CARD) throw new HubError('not-acceptable', 'This card is too long.');
    if (this.cards.size >= MAX_CARDS && !this.cards.has(account)) throw new HubError('limit-reached');
    this.cards.set(account, card);
    return undefined;
  }

  /** The account is gone. */
  forget(account: string): void {
    this.cards.delete(account);
  }
}

/** Characters of names, attributes and text; the stream has limited the depth. */
function lengthOf(card: Element): number {
  let length = card.name.length;
  for (const [name, value] of Object.entries(card.attributes)) length += name.length + value.length;
  for (const child of card.children) length += child instanceof Element ? lengthOf(child) : child.length;
  return length;
}
