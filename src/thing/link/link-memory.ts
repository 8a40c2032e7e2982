import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { hostLabel } from '../../system/machine.js';
import type { World } from '../../system/world.js';
import { isListOf, isRecord, isText, JsonFile } from '../json-file.js';
import { type CertificatePair, makeOwnCertificate } from '../own-certificate.js';

/** The hub that the thing met first on the link, and belongs to until it forgets it. */
export interface LinkHub {
  /** Bare JID: the name of its presence, which may change; what it proves does not. */
  readonly jid: string;
  /** SHA-256 of its certificate authority, or of its certificate where it has none; in lower-case hex. */
  readonly proof: string;
}

interface Content {
  /** The machine's name on the link when the thing was first there: names of things do not change with it. */
  readonly machine: string;
  /** Four hex digits in the names of its presence and of its host. */
  readonly suffix: string;
  readonly hub?: LinkHub;
  /** Bare JIDs of those whose friendship the hub recommended. */
  readonly friends: readonly string[];
}

/** Most friends that are kept; the one that came first goes first. */
const MOST_FRIENDS = 256;

/** What a thing without an account keeps: `link.json`, and its key in `certificate.json`, both mode 0600. */
export class LinkMemory {
  private readonly kind: string;
  private readonly ownMachine: string;
  private readonly random: World['random'];
  private readonly file: JsonFile<Content>;
  private readonly certificateFile: JsonFile<CertificatePair>;
  private content: Content | undefined;
  private pair: CertificatePair | undefined;

  /** `machine` is how its machine is called now: one label. */
  constructor(
    folder: string,
    { kind, machine }: { readonly kind: string; readonly machine: string },
    { files, random }: Pick<World, 'files' | 'random'>,
  ) {
    this.kind = kind;
    this.ownMachine = machine;
    this.random = random;
    this.file = new JsonFile(join(folder, 'link.json'), files, isContent);
    this.certificateFile = new JsonFile(join(folder, 'certificate.json'), files, isPair);
  }

  /** Reads what was kept, or makes a name and a certificate. Rejects where a file is damaged or cannot be written. */
  async start(): Promise<void> {
    this.content = await this.file.read();
    if (this.content === undefined) await this.rename();
    this.pair = await this.certificateFile.read();
    if (this.pair === undefined) await this.makeCertificate();
  }

  /** Resolves once everything is on the disk. */
  async stop(): Promise<void> {
    await this.file.idle();
    await this.certificateFile.idle();
  }

  /** The user part of its presence. */
  get user(): string {
    return `${this.kind.toLowerCase().slice(0, 32)}-${this.known.suffix}`;
  }

  /** The host name of its presence: its own, for the machine's responder tells other addresses under the machine's. */
  get host(): string {
    return `${this.known.machine}-${this.known.suffix}`;
  }

  /** What it shows in TLS. */
  get certificate(): CertificatePair {
    if (this.pair === undefined) throw new Error('The thing is not started.');
    return this.pair;
  }

  /** SHA-256 of what it shows, in lower-case hex: what its owner compares. */
  get fingerprint(): string {
    const { fingerprint256 } = new X509Certificate(this.certificate.certificate);
    return fingerprint256.replaceAll(':', '').toLowerCase();
  }

  /** The hub that it belongs to, if any. */
  get hub(): LinkHub | undefined {
    return this.known.hub;
  }

  /** Keeps the hub, or its new name. */
  async pin(hub: LinkHub): Promise<void> {
    if (this.hub?.jid === hub.jid && this.hub.proof === hub.proof) return;
    await this.save({ ...this.known, hub });
  }

  /** Takes another name: somebody else has this one. */
  async rename(): Promise<void> {
    const suffix = this.random.bytes(2).toString('hex');
    await this.save({ friends: [], machine: this.ownMachine, ...this.content, suffix });
  }

  /** Whether the hub recommended this friendship (bare JID). */
  isFriend(jid: string): boolean {
    return this.known.friends.includes(jid);
  }

  /** The hub recommends a friendship. */
  async befriend(jid: string): Promise<void> {
    if (this.isFriend(jid)) return;
    await this.save({ ...this.known, friends: [...this.known.friends, jid].slice(-MOST_FRIENDS) });
  }

  /** A friendship is over. */
  async unfriend(jid: string): Promise<void> {
    if (!this.isFriend(jid)) return;
    await this.save({ ...this.known, friends: this.known.friends.filter((friend) => friend !== jid) });
  }

  /** The factory reset: another name and another key; hub and friends are forgotten. */
  async forget(): Promise<void> {
    this.content = undefined;
    await this.rename();
    await this.makeCertificate();
  }

  private async makeCertificate(): Promise<void> {
    const pair = await makeOwnCertificate(this.user, 'ec');
    this.pair = pair;
    await this.certificateFile.write(() => pair);
  }

  private get known(): Content {
    if (this.content === undefined) throw new Error('The thing is not started.');
    return this.content;
  }

  private save(content: Content): Promise<void> {
    this.content = content;
    return this.file.write(() => this.known);
  }
}

function isContent(json: unknown): json is Content {
  if (!isRecord(json) || !isText(json.machine) || !isText(json.suffix)) return false;
  if (!/^[0-9a-f]{4}$/.test(json.suffix) || json.machine !== hostLabel(json.machine)) return false;
  const { hub, friends } = json;
  const hubIsSound = hub === undefined || (isRecord(hub) && isText(hub.jid) && isText(hub.proof));
  return hubIsSound && isListOf(friends, isText);
}

function isPair(json: unknown): json is CertificatePair {
  return isRecord(json) && isText(json.certificate) && isText(json.key);
}
