import type { CanControl, CanControlAnswer, CanRead, CanReadAnswer } from './access.js';
import type { Dialect } from './generation.js';
import type { NodeAddress } from './node-address.js';
import type { OwnerOperations } from './owner-commands.js';
import type { SearchOperator } from './search.js';
import type { ServiceOperations } from './service-commands.js';
import type { Tag } from './tag.js';
import type { TokenOperations } from './token-commands.js';

/** The part of an address that a stanza carries; the JID is its sender or an attribute. */
export type NodePart = Omit<NodeAddress, 'jid'>;

/** A thing tells who it is [0347 3.6]. */
export interface Register {
  readonly node: NodePart;
  readonly selfOwned: boolean;
  readonly tags: readonly Tag[];
  /** Other sets of tags that a claim may name instead. */
  readonly otherTags?: readonly (readonly Tag[])[];
  readonly generation: Dialect;
}

/** Empty, or the owner where the thing is claimed already. */
export type RegisterAnswer =
  | { readonly owner: string; readonly public: boolean; readonly node: NodePart }
  | undefined;

/** Somebody claims the thing with exactly these tags [0347 3.9]. */
export interface Claim {
  readonly tags: readonly Tag[];
  readonly public: boolean;
}

/** The claimed thing. */
export interface ClaimAnswer {
  readonly thing: NodeAddress;
  readonly public: boolean;
}

/** The registry tells a thing that it has an owner now. */
export interface Claimed {
  readonly node: NodePart;
  readonly owner: string;
  readonly public: boolean;
}

/** A thing, or its owner, changes some of its tags [0347 3.13, 3.14]. */
export interface Update {
  readonly node: NodePart;
  /** Bare JID of the thing; absent where the thing itself speaks. */
  readonly jid?: string;
  /** Tags to set; those with an empty text are taken away. */
  readonly tags: readonly Tag[];
}

/** Whether the thing is unclaimed, so that nothing was changed and it should register anew. */
export interface UpdateAnswer {
  readonly disowned: boolean;
}

/** An owner takes a thing of his out of the registry [0347 3.10], or gives it up [0347 3.17]. */
export interface OwnerCommand {
  readonly thing: NodeAddress;
}

/** The registry tells a thing that its owner took it out of the registry, or gave it up. */
export interface Released {
  readonly node: NodePart;
}

/** A thing leaves the registry [0347 3.16]. */
export interface Unregister {
  readonly node: NodePart;
}

/** Somebody looks for things [0347 3.15]. */
export interface Search {
  readonly offset: number;
  readonly maxCount: number;
  readonly operators: readonly SearchOperator[];
}

/** One page of found things, without KEY. */
export interface Found {
  readonly more: boolean;
  readonly things: readonly {
    readonly thing: NodeAddress;
    readonly owner: string;
    readonly tags: readonly Tag[];
  }[];
}

/** A thing asks whether it may befriend `jid` [0324 3.2.1]. */
export interface IsFriend {
  readonly jid: string;
}

/** Whether the thing may befriend `jid`. */
export interface IsFriendAnswer {
  readonly jid: string;
  readonly result: boolean;
  /** The owner is asked: the answer may change. */
  readonly pending: boolean;
  /** The asking thing may also ask other provisioning servers [0324 3.1.4]. */
  readonly secondaryTrust: boolean;
}

/** The hub recommends, or ends, a friendship [0324 3.2.3, 3.2.4]. */
export interface Befriend {
  readonly jid: string;
}

/** The hub asks a thing to forget its cached answers [0324 3.5.1]. */
export interface ClearCache {
  readonly node: NodePart;
}

/** Every operation of the hub and of things, by the one name it has everywhere, with its command and its answer. */
export interface Operations extends TokenOperations, ServiceOperations, OwnerOperations {
  register: { command: Register; answer: RegisterAnswer };
  claim: { command: Claim; answer: ClaimAnswer };
  unregister: { command: Unregister; answer: undefined };
  search: { command: Search; answer: Found };
  'is-friend': { command: IsFriend; answer: IsFriendAnswer };
  'can-read': { command: CanRead; answer: CanReadAnswer };
  'can-control': { command: CanControl; answer: CanControlAnswer };
  update: { command: Update; answer: UpdateAnswer };
  remove: { command: OwnerCommand; answer: undefined };
  disown: { command: OwnerCommand; answer: undefined };
  claimed: { command: Claimed; answer: undefined };
  removed: { command: Released; answer: undefined };
  disowned: { command: Released; answer: undefined };
  friend: { command: Befriend; answer: undefined };
  unfriend: { command: Befriend; answer: undefined };
  'clear-cache': { command: ClearCache; answer: undefined };
}

/** The name of an operation. */
export type OperationName = keyof Operations;

/** The operations that the hub serves; the others it sends and things serve. */
export const hubOperations = [
  'register',
  'claim',
  'update',
  'remove',
  'disown',
  'unregister',
  'search',
  'is-friend',
  'can-read',
  'can-control',
  'get-token',
  'answer-challenge',
  'get-certificate',
  'can-access',
  'user-logged-in',
  'has-privilege',
  'download-privileges',
  'friend-rule',
  'read-rule',
  'control-rule',
  'clear-device-cache',
  'delete-rules',
  'list-devices',
  'pending-friends',
  'friend-states',
] as const satisfies OperationName[];

/** An operation that the hub serves. */
export type HubOperation = (typeof hubOperations)[number];

/** How sure the hub is of who speaks; part of every decision. */
export type Assurance = 'sasl' | 'certificate' | 'server-vouched' | 'component' | 'unverified' | 'local';

/** Who asks for an operation: services see no more of a peer than this. */
export interface Caller {
  /** Bare JID. */
  readonly jid: string;
  readonly assurance: Assurance;
  /** The TLS certificate that he showed: its SHA-256 fingerprint in lower-case hex. Without one he showed none. */
  readonly certificate?: string | undefined;
  /** The address of the hub that was addressed. */
  readonly hub: string;
  /** What he speaks; absent for the administrator. */
  readonly dialect?: Dialect;
}
