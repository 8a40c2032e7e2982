import { createHmac, createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import { domainToASCII } from 'node:url';
import { promisify } from 'node:util';
import type { Timer } from '../../system/clock.js';
import type { World } from '../../system/world.js';
import { makeCertificate } from './certificate.js';
import { alternativeNames, type CertificateNames, namesDigest } from './certificate-names.js';
import { serverContext } from './secure-context.js';

const DAY = 86_400_000;
/** How long certificates are good for, and how long before its end the server's is made anew, in milliseconds. */
const AUTHORITY_LIFETIME = 3653 * DAY;
const SERVER_LIFETIME = 365 * DAY;
const RENEW_BEFORE = 30 * DAY;
/** Certificates begin in the past: the clocks of things go slow. */
const BACKDATE = DAY;
/** A clock that is earlier than this program was not set since the machine lost its power. */
const UNSET_BEFORE = Date.UTC(2026, 10, 1);
/** How often the certificate's age is looked at. */
const CHECK_EVERY = DAY / 2;

interface Held {
  readonly key: KeyObject;
  readonly pem: string;
  readonly certificate: X509Certificate;
}

/** A key and its certificates, in PEM. */
export interface Issued {
  readonly key: string;
  /** The server's certificate and the authority's behind it. */
  readonly chain: string;
}

/**
 * The hub's own certificate authority, made at the first start and kept, and the server certificate that it signs for
 * the hub's names. Things trust the authority at first contact and keep it, so it changes only when it has to.
 */
export class Authority {
  private readonly folder: string;
  private readonly world: Pick<World, 'clock' | 'random' | 'files' | 'log'>;
  private authority: Held | undefined;
  private server: Held | undefined;
  private used: { readonly context: SecureContext; readonly issued: Issued } | undefined;
  private names: CertificateNames = { domain: '', hosts: [], addresses: [] };
  private timer: Timer | undefined;
  private busy: Promise<unknown> = Promise.resolve();

  /** `folder` is where keys and certificates are kept: `tls` in the data directory. */
  constructor(folder: string, world: Pick<World, 'clock' | 'random' | 'files' | 'log'>) {
    this.folder = folder;
    this.world = world;
  }

  /** Loads what is kept, makes what is missing or too old. Rejects if files cannot be read or written. */
  async start(names: CertificateNames): Promise<void> {
    await this.world.files.makeFolder(this.folder, 0o700);
    await this.certificateFor(names);
    this.schedule();
  }

  /** Ends the renewal. */
  async stop(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    // A renewal that fails says so itself.
    await this.busy.catch(() => undefined);
  }

  /** A server certificate for exactly these names, from now on the one in use; the one in use, if it fits them. */
  certificateFor(names: CertificateNames): Promise<Issued> {
    const run = this.busy.then(
      () => this.ensure(names),
      () => this.ensure(names),
    );
    this.busy = run;
    return run;
  }

  /** What TLS connections are accepted with now. Connections that are open keep what they have. */
  get secureContext(): SecureContext {
    return this.inUse.context;
  }

  /** The server certificate in use, for TLS that is not accepted on the server's ports. */
  get issued(): Issued {
    return this.inUse.issued;
  }

  /** The authority's certificate in PEM, for others to trust. */
  get caCertificatePem(): string {
    return this.held.pem;
  }

  /** SHA-256 of the authority's certificate as people compare it: `AB:CD:…`. */
  get fingerprint(): string {
    return this.held.certificate.fingerprint256;
  }

  /** A secret of the hub's own that stays the same as long as the authority's key does; another for each purpose. */
  secretFor(purpose: string): Buffer {
    const key = this.held.key.export({ type: 'pkcs8', format: 'der' });
    return createHmac('sha256', key).update(purpose).digest();
  }

  private get inUse(): { readonly context: SecureContext; readonly issued: Issued } {
    if (this.used === undefined) throw new Error('The certificate authority is not started.');
    return this.used;
  }

  private get held(): Held {
    if (this.authority === undefined) throw new Error('The certificate authority is not started.');
    return this.authority;
  }

  private async ensure(names: CertificateNames): Promise<Issued> {
    this.names = names;
    const authority = await this.ensureAuthority(names.domain);
    const server = await this.ensureServer(names, authority);
    const key = pem(server.key);
    const chain = server.pem + authority.pem;
    const issued = { key, chain };
    if (server !== this.server || authority !== this.authority || this.used === undefined)
      this.used = { context: serverContext(key, chain), issued };
    this.authority = authority;
    this.server = server;
    return issued;
  }

  private async ensureAuthority(domain: string): Promise<Held> {
    const known = this.authority ?? (await this.load('ca'));
    const now = this.plausibleNow();
    // A clock before its beginning is a wrong clock, no reason to make others distrust the hub.
    if (known !== undefined && ends(known) - now > SERVER_LIFETIME) return known;
    const key = known?.key ?? (await generateKey());
    const name = known === undefined ? `Hearth ${domainToASCII(domain)}` : commonName(known.certificate);
    const certificate = await makeCertificate({
      subject: name,
      issuer: name,
      key,
      signer: key,
      notBefore: known === undefined ? now - BACKDATE : begins(known),
      notAfter: now + AUTHORITY_LIFETIME,
      serial: this.world.random.bytes(16),
    });
    const made = await this.keep('ca', key, certificate);
    const text =
      known === undefined
        ? 'The hub made its certificate authority. Compare the fingerprint when a program asks whether to trust the hub.'
        : "The hub's certificate authority was renewed with the same key. Programs may ask again whether to trust the hub.";
    this.world.log.info(text, { fingerprint: made.certificate.fingerprint256 });
    return made;
  }

  private async ensureServer(names: CertificateNames, authority: Held): Promise<Held> {
    const wanted = alternativeNames(names);
    const known = this.server ?? (await this.load('server'));
    if (known !== undefined && (await this.fits(known, namesDigest(wanted), authority))) return known;
    const unset = this.clockIsUnset(authority);
    const now = unset ? Math.max(this.plausibleNow(), begins(authority) + BACKDATE) : this.world.clock.now();
    const key = await generateKey();
    const certificate = await makeCertificate({
      subject: domainToASCII(names.domain),
      issuer: commonName(authority.certificate),
      key,
      signer: authority.key,
      notBefore: now - BACKDATE,
      // While nobody knows how late it is, the certificate lasts as long as it can; a set clock brings a usual one.
      notAfter: unset ? ends(authority) : now + SERVER_LIFETIME,
      serial: this.world.random.bytes(16),
      names: wanted,
    });
    const made = await this.keep('server', key, certificate);
    await this.world.files.write(join(this.folder, 'server.names'), namesDigest(wanted), 0o600);
    this.world.log.info('The hub made a server certificate.', { until: made.certificate.validTo });
    return made;
  }

  /** Whether the server's certificate can stay in use. */
  private async fits(held: Held, names: string, authority: Held): Promise<boolean> {
    const recorded = await this.world.files.read(join(this.folder, 'server.names'));
    const { certificate } = held;
    return (
      recorded?.toString() === names &&
      (this.clockIsUnset(authority) || isFresh(held, this.world.clock.now())) &&
      certificate.checkIssued(authority.certificate) &&
      certificate.verify(authority.certificate.publicKey)
    );
  }

  private async load(name: string): Promise<Held | undefined> {
    const { files, log } = this.world;
    const key = await files.read(join(this.folder, `${name}.key`));
    const certificate = await files.read(join(this.folder, `${name}.pem`));
    if (key === undefined || certificate === undefined) return undefined;
    try {
      const held = hold(createPrivateKey(key), certificate.toString());
      if (held.certificate.checkPrivateKey(held.key)) return held;
      log.warn('A key does not fit its certificate; both are made anew.', { folder: this.folder, name });
    } catch (error) {
      log.warn('A certificate cannot be read; it is made anew.', {
        folder: this.folder,
        name,
        error: String(error),
      });
    }
    return undefined;
  }

  private async keep(name: string, key: KeyObject, certificate: string): Promise<Held> {
    const { files } = this.world;
    await files.write(join(this.folder, `${name}.key`), pem(key), 0o600);
    await files.write(join(this.folder, `${name}.pem`), certificate, 0o600);
    return hold(key, certificate);
  }

  private schedule(): void {
    this.timer = this.world.clock.after(CHECK_EVERY, () => this.renew(), 'certificate renewal');
  }

  private renew(): void {
    this.schedule();
    this.certificateFor(this.names).catch((error: unknown) => {
      this.world.log.error('The server certificate could not be renewed; it is tried again in 12 hours.', {
        error: String(error),
      });
    });
  }

  /** A clock that is earlier than the authority's beginning is as good as none. */
  private clockIsUnset(authority: Held): boolean {
    return this.world.clock.now() < Math.max(UNSET_BEFORE, begins(authority));
  }

  private plausibleNow(): number {
    return Math.max(this.world.clock.now(), UNSET_BEFORE);
  }
}

function hold(key: KeyObject, text: string): Held {
  return { key, pem: text, certificate: new X509Certificate(text) };
}

function begins({ certificate }: Held): number {
  return Date.parse(certificate.validFrom);
}

function ends({ certificate }: Held): number {
  return Date.parse(certificate.validTo);
}

/** Whether the server's certificate is good for a while yet, and not one that was made for a clock that was not set. */
function isFresh(held: Held, now: number): boolean {
  const lifetime = ends(held) - begins(held);
  return begins(held) <= now && ends(held) - now > RENEW_BEFORE && lifetime <= SERVER_LIFETIME + 2 * BACKDATE;
}

function commonName(certificate: X509Certificate): string {
  return certificate.subject.replace(/^CN=/, '');
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function generateKey(): Promise<KeyObject> {
  const pair = await promisify(generateKeyPair)('ec', { namedCurve: 'prime256v1' });
  return pair.privateKey;
}
