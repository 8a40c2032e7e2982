import type { Account } from '../domain/account.js';
import { type PresenceState, presenceText } from '../edges/link-local/presence-text.js';
import { accounts } from '../storage/keys.js';
import type { Store, View } from '../storage/store.js';
import type { Host } from '../xmpp/host.js';
import { HUB_ALIAS } from './addresses.js';
import type { Announcement } from './announcement.js';
import { PRESENCE } from './link.js';

/** What the hub's state is read from. */
export interface OwnPresenceParts {
  readonly store: Store;
  /** Whether the hub has an owner. */
  readonly isOwned: () => boolean;
  readonly hub: Pick<Host, 'capabilities'>;
}

/** The hub's presence on the link, which says how the hub is; announced anew when that changes [0174 4]. */
export class OwnPresence implements View<string, Account> {
  readonly table = accounts;
  private readonly parts: OwnPresenceParts;
  private announced: PresenceState | undefined;
  private update: (state: PresenceState) => void = () => undefined;

  /** Follows the store, so before it starts; after whatever `isOwned` asks. */
  constructor(parts: OwnPresenceParts) {
    this.parts = parts;
    parts.store.follow(this);
    parts.store.onDamage(() => this.refresh());
  }

  /** Announces the hub as one that is met at this port. */
  publish(announcement: Pick<Announcement, 'publish'>, port: number): void {
    const { capabilities } = this.parts.hub;
    const txt = (state: PresenceState) => presenceText({ port, state, capabilities });
    const state = this.state();
    const publication = announcement.publish({ type: PRESENCE, user: HUB_ALIAS, port, txt: txt(state) });
    this.announced = state;
    this.update = (now) => publication?.update({ txt: txt(now) });
  }

  changed(): void {
    this.refresh();
  }

  private refresh(): void {
    const state = this.state();
    if (this.announced === undefined || state === this.announced) return;
    this.announced = state;
    this.update(state);
  }

  private state(): PresenceState {
    const { store, isOwned } = this.parts;
    if (store.damage !== undefined) return 'safe-mode';
    return isOwned() ? 'ready' : 'unowned';
  }
}
