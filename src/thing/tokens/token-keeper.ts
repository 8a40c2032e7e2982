import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { HubError } from '../../domain/errors.js';
import type { Files } from '../../system/files.js';
import { isRecord, isText, JsonFile } from '../json-file.js';
import { type CertificatePair, makeOwnCertificate } from '../own-certificate.js';

/** A certificate that is ready for use. */
export interface OwnIdentity {
  /** DER, as base64 text. */
  readonly certificate: string;
  readonly key: KeyObject;
}

interface Content {
  /** The certificate that was made here, and its key, in PEM. */
  readonly made?: CertificatePair;
  /** SHA-256 of the certificate that the tokens stand for, in hex. */
  readonly fingerprint?: string;
  /** Tokens by the bare JID of the server that gave them. */
  readonly tokens: readonly (readonly [server: string, token: string])[];
}

/**
 * The certificate of a thing or service, and the tokens that servers gave for it [0324 3.1.3]: `tokens.json` in its folder,
 * or nowhere. The certificate is the maker's, or one that is made when the first token is wanted.
 */
export class TokenKeeper {
  private readonly name: string;
  private readonly given: CertificatePair | undefined;
  private readonly file: JsonFile<Content> | undefined;
  private content: Content = { tokens: [] };
  private identity: Promise<OwnIdentity> | undefined;

  /** `name` goes into a certificate that is made here. */
  constructor(name: string, given: CertificatePair | undefined, kept?: { folder: string; files: Files }) {
    this.name = name;
    this.given = given;
    this.file = kept && new JsonFile(join(kept.folder, 'tokens.json'), kept.files, isContent);
  }

  /** Reads what was kept. Rejects where that is damaged, and with bad-request for a certificate that is none. */
  async start(): Promise<void> {
    this.content = (await this.file?.read()) ?? { tokens: [] };
    if (this.given === undefined) return;
    const identity = readPair(this.given);
    this.identity = Promise.resolve(identity);
    // Tokens of another certificate would be challenged with a key that is not here.
    if (this.content.fingerprint !== fingerprintOf(identity)) this.content = { tokens: [] };
  }

  /** Resolves once everything is on the disk. */
  async stop(): Promise<void> {
    await this.file?.idle();
  }

  /** Certificate and key; made now if there are none, which takes a small machine some seconds. */
  own(): Promise<OwnIdentity> {
    this.identity ??= this.make().catch((error: unknown) => {
      this.identity = undefined;
      throw error;
    });
    return this.identity;
  }

  /** The token that this server gave, if any. */
  tokenOf(server: string): string | undefined {
    return this.content.tokens.find(([giver]) => giver === server)?.[1];
  }

  /** Whether this token stands for the certificate that is here. */
  isOwn(token: string): boolean {
    return this.content.tokens.some(([, own]) => own === token);
  }

  /** Keeps a token in place of the server's last one. Resolves once that is on the disk. */
  async keep(server: string, token: string): Promise<void> {
    const fingerprint = fingerprintOf(await this.own());
    const others = this.content.tokens.filter(([giver]) => giver !== server);
    await this.save({ ...this.content, fingerprint, tokens: [...others, [server, token]] });
  }

  /** Forgets all tokens, and the certificate if it was made here. */
  async forget(): Promise<void> {
    if (this.given === undefined) this.identity = undefined;
    await this.save({ tokens: [] });
  }

  private async make(): Promise<OwnIdentity> {
    const made = this.content.made ?? (await makeOwnCertificate(this.name));
    const identity = readPair(made);
    if (this.content.made === undefined) await this.save({ ...this.content, made });
    return identity;
  }

  private async save(content: Content): Promise<void> {
    this.content = content;
    await this.file?.write(() => this.content);
  }
}

function readPair({ certificate, key }: CertificatePair): OwnIdentity {
  let read: { readonly certificate: X509Certificate; readonly key: KeyObject };
  try {
    read = { certificate: new X509Certificate(certificate), key: createPrivateKey(key) };
  } catch (cause) {
    throw new HubError('bad-request', 'The certificate or its key cannot be read. Give both as PEM.', {
      cause,
    });
  }
  if (read.key.asymmetricKeyType !== 'rsa')
    throw new HubError(
      'bad-request',
      'Tokens need a certificate with an RSA key: challenges are encrypted with it.',
    );
  if (!read.certificate.checkPrivateKey(read.key))
    throw new HubError('bad-request', 'The private key is not that of the certificate.');
  return { certificate: read.certificate.raw.toString('base64'), key: read.key };
}

function fingerprintOf({ certificate }: OwnIdentity): string {
  return createHash('sha256').update(Buffer.from(certificate, 'base64')).digest('hex');
}

function isContent(json: unknown): json is Content {
  if (!isRecord(json)) return false;
  const { made, fingerprint, tokens } = json;
  const isPair = made === undefined || (isRecord(made) && isText(made.certificate) && isText(made.key));
  const isNamed = fingerprint === undefined || isText(fingerprint);
  return isPair && isNamed && Array.isArray(tokens) && tokens.every(isToken);
}

function isToken(json: unknown): boolean {
  return Array.isArray(json) && json.length === 2 && json.every(isText);
}
