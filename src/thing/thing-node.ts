import { encodeClaimCode } from '../domain/claim-code.js';
import type { NodePart } from '../domain/command.js';
import type { Tag } from '../domain/tag.js';
import type { Description } from './options.js';
import { tagsOf } from './tags.js';

/** The account itself, where it is no concentrator. */
export const NO_NODE: NodePart = { nodeId: '', sourceId: '', cacheType: '' };

/**
 * One thing of the registry at this account: the account itself, or a node behind a concentrator. It outlives sessions;
 * what was changed while the hub was away is said when it is back.
 */
export class ThingNode {
  readonly address: NodePart;
  readonly description: Description;
  /** Bare JID of the owner, `undefined` while there is none. */
  owner: string | undefined;
  /** Its owner took it out of the registry: it says nothing more there until it is claimed again [0347 3.10]. */
  removed = false;
  /** It left the registry by itself, until the next start. */
  left = false;
  private registered: readonly Tag[] = [];
  private readonly changes = new Map<string, Tag>();
  private readonly waiting = new Set<string>();

  constructor(address: NodePart, description: Description) {
    this.address = address;
    this.description = description;
  }

  /** The tags that it registers and is claimed with, KEY among them. */
  get tags(): readonly Tag[] {
    return this.registered;
  }

  /** Takes the KEY. Throws bad-request if it, or the description, is nothing for the registry. */
  take(key: string): void {
    this.registered = tagsOf(this.description, this.description.key ?? key);
  }

  /** The thing starts: it is to be in the registry. Throws as `take`. */
  begin(key: string): void {
    this.take(key);
    this.left = false;
  }

  /** Whether the registry takes updates: somebody owns it, if only itself. */
  get isOwned(): boolean {
    return this.owner !== undefined || this.description.selfOwned === true;
  }

  /** What its QR code says at this registry; `undefined` for one that belongs to itself. */
  claimCodeAt(registry: string): string | undefined {
    return this.description.selfOwned === true ? undefined : encodeClaimCode(this.registered, registry);
  }

  /** Tags that the registry is to be told. */
  change(tags: readonly Tag[]): void {
    for (const tag of tags) {
      this.changes.set(tag.name, tag);
      this.waiting.add(tag.name);
    }
  }

  /** The changes that were not said yet. */
  get unsaid(): readonly Tag[] {
    return [...this.changes.values()].filter(({ name }) => this.waiting.has(name));
  }

  /** These were said, unless they changed again meanwhile. */
  said(tags: readonly Tag[]): void {
    for (const tag of tags) if (this.changes.get(tag.name) === tag) this.waiting.delete(tag.name);
  }

  /** The registry has the registered tags only: all changes are to be said again. */
  sayAgain(): void {
    for (const name of this.changes.keys()) this.waiting.add(name);
  }
}

/** The part of an event that says which node it is about; none where the account itself is the thing. */
export function nodeOf({ address }: ThingNode): { readonly node?: NodePart } {
  return address.nodeId === '' ? {} : { node: address };
}
