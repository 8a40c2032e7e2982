import type { TokenRecord } from '../../domain/certificate.js';
import type { Caller } from '../../domain/command.js';
import { deviceAddress } from '../../domain/node-address.js';
import { certificates } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import type { Random } from '../../system/random.js';
import type { AuditRepeats } from '../audit-repeats.js';
import { announceChange } from '../provisioning/announce-change.js';
import type { CertificateReader, ReadCertificate } from './certificate-reader.js';
import { ProofMemory } from './proof-memory.js';
import { isSecret, makeSecret, type TokenPadding } from './secret.js';
import { within } from './within.js';

/** Asks who sent a token to decrypt a challenge, by the device that passed the token on [0324 3.1.3]. */
export interface ChallengePort {
  /**
   * Sends a tokenChallenge to the device's session; `challenge` is base64 text. Resolves with the response, base64 text
   * too, or with `undefined` where it refuses, is not there, or does not answer in a minute.
   */
  challenge(to: Caller, token: string, challenge: string): Promise<string | undefined>;
}

/** What proofs stand on. */
export interface ProofParts {
  readonly store: Store;
  readonly port: ChallengePort;
  readonly reader: CertificateReader;
  readonly audit: AuditRepeats;
}

/** How tokens are challenged. */
export interface ProofOptions {
  readonly padding: TokenPadding;
  /** How long a right answer is good for, in milliseconds. */
  readonly challengeEvery: number;
}

/** A token as it came: with a request of `remote` (bare JID) to a device, which asks the hub about it. */
export interface TokenUse {
  readonly token: string;
  readonly hash: string;
  readonly record: TokenRecord;
  readonly device: Caller;
  readonly remote: string;
}

/** How long an answer may take, and how long the device that asks waits for it at most, in milliseconds. */
const LIFETIME = 60_000;
const PATIENCE = 10_000;

/** Uses of one token by way of one device that may wait for each other, challenges of one device, and in all. */
const MOST_IN_LINE = 4;
const MOST_OF_DEVICE = 32;
const MOST_UNDER_WAY = 500;

/** A challenge under way, or one that waits for those before it. */
interface Asking {
  readonly remote: string;
  readonly answer: Promise<boolean>;
  /** Somebody got a no because the answer took too long. */
  late: boolean;
}

/**
 * Challenges tokens on their use: who sends one must have its key, the first time that it comes from him by way of a
 * device and now and then later. Challenges of one token by way of one device run one after the other, for the device
 * passes each on to whoever sent the token last.
 */
export class ProveToken {
  private readonly parts: ProofParts;
  private readonly options: ProofOptions;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly log: Log;
  private readonly memory: ProofMemory;
  private readonly lines = new Map<string, Asking[]>();
  private readonly ofDevice = new Map<string, number>();
  /** Devices that got a no because there was no room. */
  private readonly turnedAway = new Set<string>();
  private underWay = 0;

  constructor(parts: ProofParts, options: ProofOptions, clock: Clock, random: Random, log: Log) {
    this.parts = parts;
    this.options = options;
    this.clock = clock;
    this.random = random;
    this.log = log;
    this.memory = new ProofMemory(options.challengeEvery, clock);
  }

  /** Whether the sender of the token has its key. Takes at most ten seconds; an answer that comes later counts then. */
  async run(use: TokenUse): Promise<boolean> {
    const known = this.memory.get(keyOf(use));
    if (known !== undefined) return known;
    const asking = this.asking(use);
    if (asking === undefined) return false;
    return within(this.clock, PATIENCE, asking.answer, 'token proof', () => {
      asking.late = true;
      return false;
    });
  }

  /** The challenge of this use, which may run already; `undefined` where too many do. */
  private asking(use: TokenUse): Asking | undefined {
    const key = lineOf(use);
    const line = this.lines.get(key) ?? [];
    const same = line.find(({ remote }) => remote === use.remote);
    if (same !== undefined) return same;
    if (!this.hasRoom(use.device.jid, line)) {
      this.turnedAway.add(use.device.jid);
      return undefined;
    }
    const before = line.at(-1)?.answer ?? Promise.resolve(false);
    const answer = before.then(() => this.ask(use));
    const asking = { remote: use.remote, answer, late: false };
    line.push(asking);
    this.lines.set(key, line);
    this.count(use.device.jid, 1);
    void answer.then((right) => this.answered(use, asking, right));
    return asking;
  }

  private answered(use: TokenUse, asking: Asking, right: boolean): void {
    const key = lineOf(use);
    const rest = (this.lines.get(key) ?? []).filter((other) => other !== asking);
    if (rest.length === 0) this.lines.delete(key);
    else this.lines.set(key, rest);
    this.count(use.device.jid, -1);
    if (right && asking.late) this.turnedAway.add(use.device.jid);
    for (const device of this.turnedAway) void this.forgetNo(device);
    this.turnedAway.clear();
  }

  /** One device with many tokens must not keep others from proving theirs. */
  private hasRoom(device: string, line: readonly Asking[]): boolean {
    const own = this.ofDevice.get(device) ?? 0;
    return line.length < MOST_IN_LINE && own < MOST_OF_DEVICE && this.underWay < MOST_UNDER_WAY;
  }

  private count(device: string, change: number): void {
    const own = (this.ofDevice.get(device) ?? 0) + change;
    this.underWay += change;
    if (own === 0) this.ofDevice.delete(device);
    else this.ofDevice.set(device, own);
  }

  /** Never rejects: what goes wrong is no proof. */
  private async ask(use: TokenUse): Promise<boolean> {
    const { record, device, remote } = use;
    const outcome = await this.challenge(use).catch((error: unknown) => {
      this.log.error('A token could not be challenged.', { device: device.jid, error: String(error) });
      return 'failed' as const;
    });
    this.memory.note(keyOf(use), outcome === 'right');
    if (outcome !== 'right')
      this.parts.audit.note('challenge-token', device.jid, remote, `${outcome} (token of ${record.by})`);
    return outcome === 'right';
  }

  private async challenge({ token, record, device }: TokenUse): Promise<'right' | 'wrong' | 'unanswered'> {
    const certificate = await this.certificate(record.fingerprint);
    if (certificate === undefined) return 'unanswered';
    const secret = makeSecret(certificate.key, record.generation, this.options.padding, this.random);
    const sent = this.parts.port.challenge(device, token, secret.challenge);
    const response = await within(this.clock, LIFETIME, sent, 'token challenge', () => undefined);
    if (response === undefined) return 'unanswered';
    return isSecret(secret, response) ? 'right' : 'wrong';
  }

  private async certificate(fingerprint: string): Promise<ReadCertificate | undefined> {
    const { reader, store } = this.parts;
    const kept = reader.kept(fingerprint);
    if (kept !== undefined) return kept;
    const record = await store.get(certificates, fingerprint);
    return record && reader.read(record.der);
  }

  /** The device got its no without a proof having failed, and would keep it. */
  private async forgetNo(device: string): Promise<void> {
    const at = this.clock.now();
    try {
      await this.parts.store.transact((transaction) =>
        announceChange(transaction, deviceAddress(device), {}, at),
      );
    } catch (error) {
      this.log.error('A device was not told to ask anew.', { device, error: String(error) });
    }
  }
}

function keyOf({ hash, device, remote }: TokenUse): string {
  return `${hash} ${device.jid} ${remote}`;
}

function lineOf({ hash, device }: TokenUse): string {
  return `${hash} ${device.jid}`;
}
