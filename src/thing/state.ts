import { join } from 'node:path';
import type { NodePart } from '../domain/command.js';
import { formatAddress } from '../domain/node-address.js';
import { base32 } from '../system/random.js';
import type { World } from '../system/world.js';

/** The thing's account at the hub. */
export interface StoredAccount {
  readonly name: string;
  readonly password: string;
  /** Whether the hub made it, as far as we know. */
  readonly created: boolean;
}

/** The hub that the thing met first, and belongs to until it forgets it. */
export interface StoredHub {
  readonly domain: string;
  /** PEM of the certificate authority that it showed. */
  readonly authority: string;
}

/** What proves that a claimant holds a thing, and whether somebody claimed it. */
export interface Secret {
  readonly key: string;
  /** It has an owner, as far as it knows. */
  readonly owned?: boolean;
}

/** What a thing keeps: its secret as a thing, and those of the nodes behind it. */
export interface Identity extends Secret {
  /** By the node's address as `#source/node`. */
  readonly nodes?: Readonly<Record<string, Secret>>;
  readonly account?: StoredAccount;
  readonly hub?: StoredHub;
}

/** The thing's identity in its folder: `identity.json`, mode 0600. */
export class State {
  private readonly folder: string;
  private readonly world: Pick<World, 'files' | 'random'>;
  private current: Identity | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(folder: string, world: Pick<World, 'files' | 'random'>) {
    this.folder = folder;
    this.world = world;
  }

  /**
   * Reads the identity, or makes one, with a secret for each of these nodes. Rejects if the folder cannot be written or
   * the file is damaged.
   */
  async start(nodes: readonly NodePart[] = []): Promise<void> {
    await this.world.files.makeFolder(this.folder, 0o700);
    const bytes = await this.world.files.read(this.path);
    const identity = bytes === undefined ? undefined : parse(bytes.toString(), this.path);
    this.current = identity ?? { key: this.newKey() };
    const missing = nodes.filter((node) => this.find(node) === undefined);
    for (const node of missing) this.put(node, { key: this.newKey() });
    if (identity === undefined || missing.length > 0) await this.save();
  }

  /** The identity; `start` has read it. */
  get identity(): Identity {
    if (this.current === undefined) throw new Error('The thing is not started.');
    return this.current;
  }

  /** The secret of a node, or of the account itself; `start` has made it. */
  secretOf(node: NodePart): Secret {
    const secret = this.find(node);
    if (secret === undefined) throw new Error('The thing is not started.');
    return secret;
  }

  /** Whether anything of the thing has an owner, as far as it knows. */
  get isOwned(): boolean {
    const { owned = false, nodes = {} } = this.identity;
    return owned || Object.values(nodes).some((node) => node.owned === true);
  }

  /** Somebody owns the node. Resolves once that is on the disk. */
  async keepOwned(node: NodePart): Promise<void> {
    const { key, owned = false } = this.secretOf(node);
    if (owned) return;
    this.put(node, { key, owned: true });
    await this.save();
  }

  /** Nobody owns the node any more: whoever knew its KEY shall not claim it. Resolves with the new one once it is on the disk. */
  async renewKey(node: NodePart): Promise<string> {
    const key = this.newKey();
    this.put(node, { key });
    await this.save();
    return key;
  }

  /** Keeps an account name and a random password before the hub hears of them, so that no crash loses an account. */
  async newAccount(kind: string): Promise<StoredAccount> {
    const { random } = this.world;
    const name = `${kind.toLowerCase()}-${base32(random.bytes(5))}`;
    const account = { name, password: base32(random.bytes(20)), created: false };
    this.current = { ...this.identity, account };
    await this.save();
    return account;
  }

  /** The hub made the account. */
  async accountCreated(): Promise<void> {
    const { account } = this.identity;
    if (account === undefined || account.created) return;
    this.current = { ...this.identity, account: { ...account, created: true } };
    await this.save();
  }

  /** Pins the hub of the first contact. */
  async pin(hub: StoredHub): Promise<void> {
    if (this.identity.hub !== undefined) return;
    this.current = { ...this.identity, hub };
    await this.save();
  }

  /** Forgets hub, account and owners, no KEY. */
  async forget(): Promise<void> {
    const { key, nodes = {} } = this.identity;
    const unowned = Object.entries(nodes).map(([name, secret]) => [name, { key: secret.key }]);
    this.current = unowned.length === 0 ? { key } : { key, nodes: Object.fromEntries(unowned) };
    await this.save();
  }

  private newKey(): string {
    return base32(this.world.random.bytes(20)).toUpperCase();
  }

  private find(node: NodePart): Secret | undefined {
    const name = nameOf(node);
    if (name === '') return this.identity;
    const { nodes = {} } = this.identity;
    return Object.hasOwn(nodes, name) ? nodes[name] : undefined;
  }

  private put(node: NodePart, { key, owned }: Secret): void {
    const name = nameOf(node);
    const secret = owned === true ? { key, owned } : { key };
    const { owned: _before, ...rest } = this.identity;
    if (name === '') this.current = { ...rest, ...secret };
    else this.current = { ...this.identity, nodes: { ...this.identity.nodes, [name]: secret } };
  }

  /** One write at a time; each takes the newest state. */
  private save(): Promise<void> {
    const write = () =>
      this.world.files.write(this.path, `${JSON.stringify(this.identity, undefined, 2)}\n`, 0o600);
    this.writing = this.writing.then(write, write);
    return this.writing;
  }

  private get path(): string {
    return join(this.folder, 'identity.json');
  }
}

function parse(text: string, path: string): Identity {
  const damaged = `${path} is damaged. Restore it, or delete it to begin anew with a new KEY.`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(damaged, { cause });
  }
  if (!isIdentity(json)) throw new Error(damaged);
  return json;
}

function isIdentity(json: unknown): json is Identity {
  if (!isRecord(json) || !isSecret(json)) return false;
  const { account, hub, nodes } = json;
  const accountIsSound =
    account === undefined ||
    (isRecord(account) &&
      typeof account.name === 'string' &&
      typeof account.password === 'string' &&
      typeof account.created === 'boolean');
  const hubIsSound =
    hub === undefined ||
    (isRecord(hub) && typeof hub.domain === 'string' && typeof hub.authority === 'string');
  const nodesAreSound = nodes === undefined || (isRecord(nodes) && Object.values(nodes).every(isSecret));
  return accountIsSound && hubIsSound && nodesAreSound;
}

function isSecret(json: unknown): boolean {
  if (!isRecord(json) || typeof json.key !== 'string' || json.key === '') return false;
  return json.owned === undefined || typeof json.owned === 'boolean';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As in `#source/cache/node`; empty for the account itself. */
function nameOf(node: NodePart): string {
  return formatAddress({ jid: '', ...node });
}
