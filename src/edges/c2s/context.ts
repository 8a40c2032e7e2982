import type { Clock } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import type { Network } from '../../system/network.js';
import type { Random } from '../../system/random.js';
import type { Admission } from '../../xmpp/admission.js';
import type { Attendance } from './attendance.js';
import type { AccountPorts, CertificateSource } from './ports.js';
import type { SaslDependencies } from './sasl/negotiation.js';

/** Who may make an account over the network. */
export type RegistrationPolicy = 'open' | 'window' | 'invite' | 'closed';

/** What of the configuration is about the streams of clients. */
export interface StreamOptions {
  readonly domain: string;
  readonly tls: 'required' | 'optional';
  readonly registration: RegistrationPolicy;
  /** Seconds until a connection must be logged in. */
  readonly loginSeconds: number;
  /** Bytes of one stanza after login. */
  readonly stanzaBytes: number;
}

/** What all sessions of the embedded server share. */
export interface C2sContext {
  readonly options: StreamOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly network: Network;
  readonly accounts: AccountPorts;
  readonly sasl: SaslDependencies;
  readonly certificate: CertificateSource;
  readonly admission: Admission;
  readonly attendance: Attendance;
  /** Other names of this server that a stream may be opened to: its mDNS host names. */
  readonly hosts: () => readonly string[];
  /** Whether the owner has opened the window for registration. */
  readonly windowOpen: () => boolean;
}
