import type { FieldKind, FieldValue } from '../domain/field.js';
import type { Generation } from '../domain/generation.js';
import type { DelegationRequest } from './delegation.js';
import type { CertificatePair } from './own-certificate.js';
import type { Requester } from './requester.js';

export type { FieldKind, FieldValue } from '../domain/field.js';

/** Something that a thing measures or knows, and its friends may read. */
export interface Field {
  readonly name: string;
  /** `momentary` if not given. */
  readonly kind?: FieldKind;
  /** Physical unit of a number, such as `°C`. */
  readonly unit?: string;
  /** Digits behind the decimal point of a number; all that it has if not given. */
  readonly decimals?: number;
  /** Reads it now, for this requester. What it throws is told to the reader as the failure of this field. */
  read(requester: Requester): FieldValue | Promise<FieldValue>;
}

interface ParameterOf<Type extends string, Value> {
  readonly name: string;
  readonly type: Type;
  /** What a person reads in a form; the name if not given. */
  readonly label?: string;
  get(requester: Requester): Value | Promise<Value>;
  /** Called with a valid value only. */
  set(value: Value, requester: Requester): void | Promise<void>;
}

/** Bounds of a number, both included. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Something of a thing that its friends may set. `int` is a whole number of 32 bits. */
export type Parameter =
  | ParameterOf<'boolean', boolean>
  | (ParameterOf<'int', number> & Bounds)
  | (ParameterOf<'double', number> & Bounds)
  | ParameterOf<'string', string>;

/** Tags by name; a number makes a numeric tag. */
export type TagValues = Readonly<Record<string, string | number>>;

/** What the registry, and those who may read and control it, see of a thing. */
export interface Description {
  /** What it is, such as `thermometer`: its tag CLASS. Letters, digits and `-`. */
  readonly kind: string;
  /** More tags, such as MAN, MODEL, SN, ROOM. They are what it is claimed with, beside CLASS and KEY. */
  readonly tags?: TagValues;
  readonly fields?: readonly Field[];
  readonly parameters?: readonly Parameter[];
  /** It belongs to itself: public at once, and nobody claims it [0347 3.7]. */
  readonly selfOwned?: boolean;
  /**
   * The KEY that is printed on it, the same for ever. Without one it makes a random KEY, and another one whenever its
   * owner gives it up, so that he cannot claim it again.
   */
  readonly key?: string;
}

/** Names a node behind a concentrator. */
export interface NodeName {
  readonly nodeId: string;
  /** Where the concentrator has the node from; none if not given. */
  readonly sourceId?: string;
  /** Which of several nodes of the same id and source; none if not given. */
  readonly cacheType?: string;
}

/** A thing behind a concentrator: claimed, read and controlled on its own [0347 3.8]. */
export interface NodeOptions extends Description, NodeName {}

/** What makes a thing, or a concentrator with `nodes`. */
export interface ThingOptions extends Description {
  /** What it is; also how its account's name begins. */
  readonly kind: string;
  /** Where it keeps its account, its KEY, the hub's authority and the hub's answers. Made if missing, mode 0700. */
  readonly folder: string;
  /**
   * The things behind it, if it is a concentrator. Only they are registered then: tags, fields, parameters, `selfOwned`
   * and `key` are theirs, and the concentrator has none of its own.
   */
  readonly nodes?: readonly NodeOptions[];
  /**
   * Where the hub is. Found by mDNS if not given, else by the name that DHCP gave this machine [0347 3.3]. `domain` is the
   * hub's own word if not given.
   */
  readonly server?: { readonly host: string; readonly port: number; readonly domain?: string };
  /**
   * Asks DHCP for the hub's name where mDNS finds none and the machine's own DHCP client wrote none down. That needs port
   * 68, and with it CAP_NET_BIND_SERVICE.
   */
  readonly dhcp?: 'inform';
  /**
   * Without a server and an account: it is announced on the link itself (XEP-0174), and finds its hub there. Then `server`
   * and `dhcp` have no meaning.
   */
  readonly linkLocal?: boolean;
  /** How its machine is called on the link: one label, which is kept. The host name if not given. */
  readonly machine?: string;
  /** Namespaces to speak; what the hub offers if not given, `nf` first. */
  readonly generation?: Generation;
  /**
   * Somebody unknown wants to befriend a thing that trusts no provisioning server, or one that allows others beside it:
   * flash a LED until `request.signal` is aborted, and resolve with whether its button was pressed meanwhile. Who is
   * accepted is a friend and, if he is a provisioning server, decides from then on [0324 3.1.1]. Nobody is, if not given.
   */
  readonly onDelegation?: (request: DelegationRequest) => Promise<boolean>;
  /** How long a person has for that, in milliseconds; 30 seconds if not given. */
  readonly delegationTime?: number;
  /** The first provisioning server that it trusts stays the only one, until `forget` [0324 7.1]. */
  readonly locked?: boolean;
  /**
   * Certificate and key by which it is known to those whom it reads and sets, beside its address. It makes itself one when
   * it first needs one, if not given.
   */
  readonly certificate?: CertificatePair;
}
