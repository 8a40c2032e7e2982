/** Subscription of a roster item (RFC 6121 §2.1.2.5) without `remove`. */
export type Subscription = 'none' | 'to' | 'from' | 'both';

/** One contact of an account, with all of the state that RFC 6121 Appendix A needs. */
export interface RosterItem {
  /** Local part of the account whose roster this is. */
  readonly account: string;
  /** Bare JID of the contact. */
  readonly jid: string;
  readonly name?: string;
  readonly groups: readonly string[];
  readonly subscription: Subscription;
  /** "Pending Out": the account asked for the contact's presence. */
  readonly ask?: true;
  /** "Pending In": the contact asked for the account's presence; the stanza is kept to be shown again. */
  readonly pendingIn?: true;
  /** False while the item only records a pending inbound request, which no roster result shows. */
  readonly listed: boolean;
}
