import type { Identities, Tokens } from '../../domain/access.js';
import { isInForce, type TokenRecord } from '../../domain/certificate.js';
import type { Caller } from '../../domain/command.js';
import type { TokenSubject } from '../../domain/rule.js';
import type { CertificateIndex } from '../../storage/indexes/certificate-index.js';
import type { TokenIndex } from '../../storage/indexes/token-index.js';
import type { Clock } from '../../system/clock.js';
import type { AuditRepeats } from '../audit-repeats.js';
import { serviceOf } from './announce-identities.js';
import type { ProveToken, TokenUse } from './prove-token.js';
import { hashToken, isTokenOf } from './token-text.js';

/** What the hub knows of tokens and users. */
export interface IdentityParts {
  readonly tokens: TokenIndex;
  readonly certificates: CertificateIndex;
  readonly prove: ProveToken;
  readonly audit: AuditRepeats;
  /** The user behind a user token, as `SERVICE-FINGERPRINT/NAME`. */
  readonly userOf: (token: string) => string | undefined;
  /** Whether a rule about this device (bare JID), or anything behind it, names the identity. */
  readonly matters: (device: string, subject: TokenSubject) => boolean;
  /** Whether the clock can be right. */
  readonly timeKnown: () => boolean;
}

/**
 * Who stands behind the tokens that came with a request [0324 3.1.3, 3.1.5, 6.6]. Tokens of other provisioning servers
 * are nobody's here; so are unknown ones, and those whose certificate is revoked or past its end. A token counts once
 * its sender has proven that he has its key, and is challenged only where a rule asks for it. A user token has no key:
 * it counts beside a token of the service whose user it names.
 */
export class IdentifyTokens {
  private readonly parts: IdentityParts;
  private readonly hub: string;
  private readonly clock: Clock;

  /** `hub` is the address that tokens name. */
  constructor(parts: IdentityParts, hub: string, clock: Clock) {
    this.parts = parts;
    this.hub = hub;
    this.clock = clock;
  }

  /** `jid` (bare) sent the tokens to `askedBy`, which asks the hub. Takes at most about ten seconds. */
  async run(jid: string, tokens: Tokens, askedBy: Caller): Promise<Identities> {
    const { service, device, user } = tokens;
    if (service.length + device.length + user.length === 0) return { jid, service: [], device: [], user: [] };
    const users = this.users(user, askedBy.jid, jid);
    const needed = new Set(users.map(serviceOf));
    const proofs = new Map<string, Promise<string | undefined>>();
    const prove = (kind: 'service' | 'device') => (token: string) => {
      const use = this.useOf(token, jid, askedBy);
      if (use === undefined) return undefined;
      const { fingerprint: identity } = use.record;
      if (!needed.has(identity) && !this.parts.matters(askedBy.jid, { kind, identity })) return undefined;
      const proof = proofs.get(token) ?? this.proven(use);
      proofs.set(token, proof);
      return proof;
    };
    const [services, devices] = await Promise.all([
      unique(service.map(prove('service'))),
      unique(device.map(prove('device'))),
    ]);
    const beside = new Set([...services, ...devices]);
    return {
      jid,
      service: services,
      device: devices,
      user: users.filter((name) => beside.has(serviceOf(name))),
    };
  }

  /** The certificate's fingerprint behind one token that its holder sends to the hub itself, once he has proven it. */
  async identityOf(token: string, holder: Caller): Promise<string | undefined> {
    const use = this.useOf(token, holder.jid, holder);
    // Whom it was sent with a request could pass the challenge back to its holder, and speak as him.
    if (use !== undefined && use.record.by !== holder.jid)
      return this.note(holder.jid, holder.jid, `a token of ${use.record.by}`);
    return use && this.proven(use);
  }

  /** The users that matter, each once. Whether their services are there is seen later. */
  private users(tokens: readonly string[], device: string, jid: string): string[] {
    const found = new Set<string>();
    for (const token of tokens) {
      const identity = this.parts.userOf(token);
      if (identity === undefined) this.noteUnknown(token, device, jid);
      else if (this.parts.matters(device, { kind: 'user', identity })) found.add(identity);
    }
    return [...found];
  }

  private useOf(token: string, remote: string, device: Caller): TokenUse | undefined {
    if (!isTokenOf(this.hub, token)) return undefined;
    const hash = hashToken(token);
    const record = this.parts.tokens.get(hash);
    if (record === undefined) return this.note(device.jid, remote, 'unknown token');
    if (!this.isInForce(record)) return this.note(device.jid, remote, `invalid token of ${record.by}`);
    return { token, hash, record, device, remote };
  }

  /** Whether its certificate speaks for somebody is asked again after the proof: that takes a while. */
  private async proven(use: TokenUse): Promise<string | undefined> {
    const proven = await this.parts.prove.run(use);
    const still = this.parts.tokens.get(use.hash) !== undefined && this.isInForce(use.record);
    return proven && still ? use.record.fingerprint : undefined;
  }

  private isInForce({ fingerprint }: TokenRecord): boolean {
    const certificate = this.parts.certificates.get(fingerprint);
    const now = this.parts.timeKnown() ? this.clock.now() : undefined;
    return certificate !== undefined && isInForce(certificate, now);
  }

  /** Those of other provisioning servers are nothing to speak of. */
  private noteUnknown(token: string, device: string, jid: string): void {
    if (isTokenOf(this.hub, token)) this.note(device, jid, 'unknown user token');
  }

  private note(device: string, jid: string, what: string): undefined {
    this.parts.audit.note('token', device, jid, `no (${what})`);
    return undefined;
  }
}

async function unique(identities: readonly (Promise<string | undefined> | undefined)[]): Promise<string[]> {
  const known = await Promise.all(identities);
  return [...new Set(known.filter((identity) => identity !== undefined))];
}
