import type { Capabilities } from '../../xmpp/capabilities.js';
import type { Handler } from '../../xmpp/host.js';
import { NS } from '../../xmpp/namespaces.js';
import type { Appearance, Company } from '../company.js';
import type { Friendship, FriendshipParts } from '../friendship.js';
import type { Offer } from '../hub-service.js';
import { LinkFriendship } from './link-friendship.js';
import type { LinkMemory } from './link-memory.js';
import type { LinkWhereabouts } from './link-whereabouts.js';

/** The company on the link: whoever is announced. There is no presence but that, and no roster. */
export class LinkCompany implements Company {
  readonly whereabouts: LinkWhereabouts;
  readonly handlers: readonly Handler[] = [
    { kind: 'iq', types: ['get'], ns: NS.ping, name: 'ping', handle: () => undefined },
  ];
  private readonly memory: LinkMemory;
  private readonly describe: (capabilities: Capabilities) => void;

  /** `describe` adds to our presence what the thing can do. */
  constructor(
    whereabouts: LinkWhereabouts,
    memory: LinkMemory,
    describe: (capabilities: Capabilities) => void,
  ) {
    this.whereabouts = whereabouts;
    this.memory = memory;
    this.describe = describe;
  }

  async load(): Promise<void> {}

  /** Presence stanzas have no meaning on the link [0174 5]. */
  presence(): void {}

  befriended(parts: FriendshipParts): Friendship {
    const { memory, whereabouts } = this;
    return new LinkFriendship({ ...parts, memory, whereabouts });
  }

  /** It was announced before the hub was found, for others hang up on strangers; now it says what it can do. */
  appear(_offer: Offer, { capabilities }: Appearance): void {
    if (capabilities !== undefined) this.describe(capabilities);
  }

  stop(): void {
    this.whereabouts.stop();
  }
}
