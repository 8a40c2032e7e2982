import type { Clock, Timer } from '../../../system/clock.js';
import type { Log } from '../../../system/log.js';
import type { Random } from '../../../system/random.js';
import type { BindingType } from '../../../xmpp/scram-message.js';
import { decodeBase64 } from '../../../xmpp/scram-message.js';
import type { SaslChannel } from './channel.js';
import type { Credentials, Identity } from './credentials.js';
import type { Mechanism, MechanismContext } from './mechanism.js';
import { PlainMechanism } from './plain.js';
import { ScramMechanism } from './scram.js';
import { type SaslCondition, SaslFailure, type SaslStep } from './step.js';

/** Slows down who guesses; see the service of this name. */
export interface LoginThrottle {
  /** Milliseconds until this try may be judged, `undefined` if it is refused at once. */
  take(account: string, address: string): number | undefined;
  failed(account: string, address: string): void;
  succeeded(account: string, address: string): void;
}

/** What all logins of the hub share. */
export interface SaslDependencies {
  readonly credentials: Credentials;
  readonly guard: LoginThrottle;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Each mechanism, strongest first. */
const table: Readonly<Record<string, (context: MechanismContext) => Mechanism>> = {
  'SCRAM-SHA-256-PLUS': (context) => new ScramMechanism(context, 'SHA-256', true),
  'SCRAM-SHA-1-PLUS': (context) => new ScramMechanism(context, 'SHA-1', true),
  'SCRAM-SHA-256': (context) => new ScramMechanism(context, 'SHA-256', false),
  'SCRAM-SHA-1': (context) => new ScramMechanism(context, 'SHA-1', false),
  PLAIN: (context) => new PlainMechanism(context),
};
const mechanismNames = Object.keys(table);

/** A message of a mechanism is shorter than this, in base 64. */
const LONGEST = 8192;
const NONCE_BYTES = 18;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The logins of one connection (RFC 6120 §6), one after another until one succeeds. Nothing here throws or rejects:
 * every call resolves with what to tell the client. Only what `mechanisms` offers is accepted.
 */
export class SaslNegotiation {
  private readonly shared: SaslDependencies;
  private readonly channel: SaslChannel;
  private readonly address: string;
  private state: 'idle' | 'waiting' | 'busy' | 'done' = 'idle';
  private mechanism: Mechanism | undefined;
  private spoiled = false;
  private pause: { timer: Timer; end: () => void } | undefined;
  private failed = 0;

  /** `address` is the client's IP address. */
  constructor(shared: SaslDependencies, channel: SaslChannel, address: string) {
    this.shared = shared;
    this.channel = channel;
    this.address = address;
  }

  /** The mechanisms offered on this connection, strongest first. */
  get mechanisms(): readonly string[] {
    return mechanismNames.filter(
      (name) => this.channel.secure || !(name.endsWith('-PLUS') || name === 'PLAIN'),
    );
  }

  /** The channel bindings to announce (XEP-0440). */
  get channelBindings(): readonly BindingType[] {
    return this.channel.bindings;
  }

  /** How many logins failed on this connection. */
  get failures(): number {
    return this.failed;
  }

  /** `<auth/>`: its mechanism, and its text where it has any. */
  async start(mechanism: string, initial: string | undefined): Promise<SaslStep> {
    if (this.state !== 'idle') return this.outOfOrder();
    if (!this.mechanisms.includes(mechanism))
      return this.fail(mechanism === 'PLAIN' ? 'encryption-required' : 'invalid-mechanism');
    this.mechanism = table[mechanism]?.(this.context());
    this.state = 'waiting';
    // Every mechanism here lets the client speak first; one that did not is asked to (RFC 6120 §6.4.2).
    return initial === undefined || initial === '' ? { kind: 'challenge', data: '' } : this.respond(initial);
  }

  /** `<response/>`: its text. */
  async respond(data: string): Promise<SaslStep> {
    const { mechanism } = this;
    if (this.state !== 'waiting' || mechanism === undefined) return this.outOfOrder();
    this.state = 'busy';
    try {
      const step = await mechanism.step(decode(data));
      if (this.spoiled) throw new SaslFailure('malformed-request');
      if ('challenge' in step) {
        this.state = 'waiting';
        return { kind: 'challenge', data: encode(step.challenge) };
      }
      this.state = 'done';
      this.mechanism = undefined;
      const additional = step.data === undefined ? undefined : encode(step.data);
      return { kind: 'success', name: step.name, data: additional };
    } catch (error) {
      if (error instanceof SaslFailure) return this.fail(error.condition);
      this.shared.log.error('A login could not be checked.', { error: String(error) });
      return this.fail('temporary-auth-failure');
    }
  }

  /** `<abort/>`: the client gives up. */
  abort(): SaslStep {
    return this.state === 'waiting' ? this.fail('aborted') : this.outOfOrder();
  }

  /** The connection is gone: a login that still waits for its turn ends at once. */
  stop(): void {
    this.spoiled = true;
    this.pause?.timer.cancel();
    this.pause?.end();
  }

  /** A client that does not wait for its answers loses the exchange that runs, too. */
  private outOfOrder(): SaslStep {
    if (this.state === 'busy') {
      this.spoiled = true;
      this.failed += 1;
      return { kind: 'failure', condition: 'malformed-request' };
    }
    if (this.state === 'done') return { kind: 'failure', condition: 'malformed-request' };
    return this.fail('malformed-request');
  }

  private fail(condition: SaslCondition): SaslStep {
    this.state = 'idle';
    this.mechanism = undefined;
    this.spoiled = false;
    this.failed += 1;
    return { kind: 'failure', condition };
  }

  private context(): MechanismContext {
    const { credentials, random } = this.shared;
    return {
      credentials,
      channel: this.channel,
      nonce: () => random.bytes(NONCE_BYTES).toString('base64'),
      judge: (identity, check) => this.judge(identity, check),
    };
  }

  private async judge(identity: Identity, check: () => boolean | Promise<boolean>): Promise<void> {
    const { guard, credentials } = this.shared;
    const wait = guard.take(identity.name, this.address);
    if (wait === undefined) throw new SaslFailure('temporary-auth-failure');
    if (wait > 0) await this.sleep(wait);
    if (this.spoiled) throw new SaslFailure('malformed-request');
    const right = await check();
    if (right && credentials.stillValid(identity)) {
      guard.succeeded(identity.name, this.address);
      return;
    }
    guard.failed(identity.name, this.address);
    throw new SaslFailure('not-authorized');
  }

  private async sleep(ms: number): Promise<void> {
    await new Promise<void>((end) => {
      this.pause = { timer: this.shared.clock.after(ms, end, 'login delay'), end };
    });
    this.pause = undefined;
  }
}

/** The text of a SASL element; `=` stands for no data at all (RFC 6120 §6.4.2). */
function decode(data: string): string {
  if (data.length > LONGEST) throw new SaslFailure('malformed-request');
  const bytes = data === '=' ? Buffer.alloc(0) : decodeBase64(data);
  if (bytes === undefined) throw new SaslFailure('incorrect-encoding');
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw Object.assign(new SaslFailure('malformed-request'), { cause });
  }
}

/** Data for the client; none at all is `=`. */
function encode(text: string): string {
  return text === '' ? '=' : Buffer.from(text).toString('base64');
}
