import type { Category, Tokens } from './access.js';
import type { Found, NodePart } from './command.js';
import type { CallerRange } from './rule.js';

/** To whom an owner's answer applies, as the harmonised dialects say it; tokens as they were sent. */
export type Origin =
  | CallerRange
  | { readonly kind: 'service-token' | 'device-token' | 'user-token'; readonly token: string };

/** What is the same in every question to an owner: about which device, who asked, and the question's stable key. */
interface AboutQuestion {
  /** Bare JID of the device. */
  readonly device: string;
  /** Bare JID of the one who wants something of it. */
  readonly remote: string;
  readonly key: string;
}

/** May he befriend it? */
export type FriendQuestion = AboutQuestion;

/** May he read that? At most one node. */
export interface ReadQuestion extends AboutQuestion {
  readonly tokens: Tokens;
  readonly node?: NodePart;
  readonly categories: readonly Category[];
  readonly fields: readonly string[];
}

/** May he control that? At most one node. */
export interface ControlQuestion extends AboutQuestion {
  readonly tokens: Tokens;
  readonly node?: NodePart;
  readonly parameters: readonly string[];
}

/** The owner's answer to the first. */
export interface FriendRule extends AboutQuestion {
  readonly allow: boolean;
  readonly range: CallerRange['kind'];
}

/** To the second; without a part all of it is meant. */
export interface ReadRule extends AboutQuestion {
  readonly allow: boolean;
  readonly node?: NodePart;
  readonly part?: { readonly categories: readonly Category[]; readonly fields: readonly string[] };
  readonly origin: Origin;
}

/** To the third. */
export interface ControlRule extends AboutQuestion {
  readonly allow: boolean;
  readonly node?: NodePart;
  readonly parameters?: readonly string[];
  readonly origin: Origin;
}

/** Devices of the owner: one of them, one node of it, or all. */
export interface OwnedDevices {
  readonly device?: string;
  readonly node: NodePart;
}

/** An owner lists his devices. */
export interface ListDevices {
  readonly offset: number;
  readonly maxCount: number;
}

/** One whose friendship waits for a decision; Simple IoT does not say with which thing. */
export interface PendingFriend {
  readonly jid: string;
}

/** An owner's word on friends, in Simple IoT: of every thing where one is pending, or was decided. */
export interface FriendStates {
  readonly items: readonly { readonly jid: string; readonly friend: boolean }[];
}

/** The operations of owners, and what owners hear. */
export interface OwnerOperations {
  'friend-question': { command: FriendQuestion; answer: undefined };
  'read-question': { command: ReadQuestion; answer: undefined };
  'control-question': { command: ControlQuestion; answer: undefined };
  'friend-rule': { command: FriendRule; answer: undefined };
  'read-rule': { command: ReadRule; answer: undefined };
  'control-rule': { command: ControlRule; answer: undefined };
  'clear-device-cache': { command: OwnedDevices; answer: undefined };
  'delete-rules': { command: OwnedDevices; answer: undefined };
  'list-devices': { command: ListDevices; answer: Found };
  'pending-notification': { command: Readonly<Record<string, never>>; answer: undefined };
  'pending-friends': {
    command: Readonly<Record<string, never>>;
    answer: { readonly friends: readonly PendingFriend[] };
  };
  'friend-states': { command: FriendStates; answer: undefined };
}
