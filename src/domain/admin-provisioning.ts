import type { Category } from './access.js';
import type { ByOwner, Nothing, OfView } from './by-owner.js';
import type { Standing } from './decision-time.js';
import type { DeviceSetting } from './device-settings.js';
import type { CallerRange, RuleKind, Subject, TokenSubject } from './rule.js';

/** What the administrator asks about friendship, reading and control; forms as in `AdminOperations`. */
export interface ProvisioningOperations {
  pending: {
    request: ByOwner & { readonly kind?: RuleKind };
    answer: { readonly questions: readonly QuestionReport[] };
  };
  allow: { request: DecideRequest; answer: DecisionReport };
  deny: { request: DecideRequest; answer: DecisionReport };
  rules: {
    request: OfView & { readonly thing?: string; readonly kind?: RuleKind };
    answer: { readonly rules: readonly RuleReport[] };
  };
  'rules-add': { request: AddRule; answer: DecisionReport };
  'rules-remove': { request: ByOwner & { readonly id: string }; answer: Nothing };
  friends: {
    request: OfView & { readonly thing?: string; readonly offset?: number; readonly limit?: number };
    answer: { readonly friends: readonly FriendReport[]; readonly more: boolean };
  };
  explain: { request: ExplainRequest; answer: ExplainReport };
  'device-setting': { request: SetDeviceRequest; answer: DeviceSettingReport };
  befriend: {
    request: ByOwner & { readonly jid: string };
    answer: { readonly jid: string; readonly hub: string };
  };
}

/** A question that waits for its owner. */
export interface QuestionReport {
  readonly number: number;
  readonly kind: RuleKind;
  readonly thing: string;
  readonly caller: string;
  readonly owner: string;
  readonly askedAt: string;
  /** Absent for friendships. */
  readonly wants?: WantsReport;
}

/** What a caller wants to read or control; empty lists stand for all. */
export interface WantsReport {
  readonly categories: readonly Category[];
  /** Fields or parameters. */
  readonly names: readonly string[];
  /** Who stands behind the tokens that came with it, as far as the hub knows them. */
  readonly behind: readonly { readonly subject: TokenSubject; readonly who: string }[];
}

/** What a rule covers, and when; what is absent is not limited. */
export interface ScopeRequest {
  /** As they stand behind the `#` of an address; `*` is the device with all that is behind it. */
  readonly nodes?: readonly string[];
  /** For reading. */
  readonly categories?: readonly Category[];
  /** For reading. */
  readonly fields?: readonly string[];
  /** For control. */
  readonly parameters?: readonly string[];
  readonly until?: string;
  /** `08:00-18:00`, in the time of the hub's machine. */
  readonly daily?: string;
}

/** Whom an answer covers: the caller, his domain, everyone; or whoever brings the token that came with the question. */
export type AnswerRange = CallerRange['kind'] | TokenSubject['kind'];

/** An owner's answer to a question. A yes without a scope allows what was asked for, a no forbids everything. */
export interface DecideRequest extends ByOwner, ScopeRequest {
  readonly number: number;
  /** The caller alone if absent. */
  readonly for?: AnswerRange;
  /** All categories and names, not only those that were asked for. */
  readonly everything?: boolean;
}

/** A rule that nobody asked for. */
export interface AddRule extends ByOwner, ScopeRequest {
  readonly thing: string;
  readonly kind: RuleKind;
  /** A JID, `@domain`, `everyone`, `service:…`, `device:…` or `user:SERVICE/NAME`. */
  readonly who: string;
  readonly deny?: boolean;
}

/** What is allowed or forbidden to whom. */
export interface RuleReport {
  readonly id: string;
  readonly kind: RuleKind;
  readonly thing: string;
  readonly subject: Subject;
  /** The subject in words, identities by their names. */
  readonly who: string;
  readonly allow: boolean;
  readonly categories?: readonly Category[];
  readonly names?: readonly string[];
  readonly until?: string;
  readonly daily?: string;
  /** Whether it holds now. */
  readonly standing: Standing;
  readonly by: string;
  readonly createdAt: string;
}

/** What was decided: the first rule that came of it, and all things that have one like it now. */
export interface DecisionReport extends RuleReport {
  readonly things: readonly string[];
}

/** One who is, or may be, a friend of a thing. */
export interface FriendReport {
  readonly thing: string;
  readonly thingConnected: boolean;
  /** His address, or whom the rule covers in words. */
  readonly who: string;
  /** Absent where a rule covers many. */
  readonly friend?: { readonly jid: string; readonly connected: boolean };
  /** Whether they see each other: both ways, in one direction, or not yet. */
  readonly state: 'friends' | 'one-sided' | 'not yet';
  readonly allowed: boolean;
  /** By which rule, or as whom. */
  readonly why: string;
}

/** Why would the hub say what? */
export interface ExplainRequest extends OfView {
  readonly thing: string;
  /** A JID. */
  readonly caller: string;
  readonly kind: RuleKind;
  /** Fields or parameters; none stands for all. */
  readonly names?: readonly string[];
  /** Identities that his tokens would give him: names or fingerprints; users as `SERVICE/NAME`. */
  readonly service?: readonly string[];
  readonly device?: readonly string[];
  readonly user?: readonly string[];
}

/** What the hub would say now, and what that rests on. */
export interface ExplainReport {
  readonly thing: string;
  readonly caller: string;
  readonly kind: RuleKind;
  readonly result: 'yes' | 'part' | 'no';
  readonly why: string;
  readonly rules: readonly RuleReport[];
  /** What of it would be allowed; absent for friendships and where nothing is. Empty lists stand for all. */
  readonly allowed?: {
    readonly categories?: readonly Category[];
    readonly nodes: readonly string[];
    readonly names: readonly string[];
  };
  /** Who would bring a token that counts for nothing: its certificate is not valid now, or revoked. Absent for none. */
  readonly ignored?: readonly string[];
  /** The question about it that waits for the owner. */
  readonly question?: number;
}

/** A setting of one device; without a value it is only shown. */
export interface SetDeviceRequest extends ByOwner {
  readonly device: string;
  readonly setting: DeviceSetting;
  readonly value?: 'on' | 'off' | 'default';
}

/** How a setting of a device is now. */
export interface DeviceSettingReport {
  readonly device: string;
  readonly setting: DeviceSetting;
  readonly value: 'on' | 'off' | 'default';
  /** What holds: the value, or what the configuration says. */
  readonly holds: boolean;
}
