import { join } from 'node:path';
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

/** What a thing keeps. */
export interface Identity {
  /** The secret of its claim code, the same for ever: it may be printed on the thing. */
  readonly key: string;
  readonly account?: StoredAccount;
  readonly hub?: StoredHub;
}

/** The thing's identity in its folder: `identity.json`, mode 0600. */
export class State {
  private readonly folder: string;
  private readonly world: Pick<World, 'files' | 'random'>;
  private current: Identity | undefined;

  constructor(folder: string, world: Pick<World, 'files' | 'random'>) {
    this.folder = folder;
    this.world = world;
  }

  /** Reads the identity, or makes one. Rejects if the folder cannot be written or the file is damaged. */
  async start(): Promise<void> {
    await this.world.files.makeFolder(this.folder, 0o700);
    const bytes = await this.world.files.read(this.path);
    if (bytes !== undefined) this.current = parse(bytes.toString(), this.path);
    else await this.save({ key: base32(this.world.random.bytes(20)).toUpperCase() });
  }

  /** The identity; `start` has read it. */
  get identity(): Identity {
    if (this.current === undefined) throw new Error('The thing is not started.');
    return this.current;
  }

  /** Keeps an account name and a random password before the hub hears of them, so that no crash loses an account. */
  async newAccount(kind: string): Promise<StoredAccount> {
    const { random } = this.world;
    const name = `${kind.toLowerCase()}-${base32(random.bytes(5))}`;
    const account = { name, password: base32(random.bytes(20)), created: false };
    await this.save({ ...this.identity, account });
    return account;
  }

  /** The hub made the account. */
  async accountCreated(): Promise<void> {
    const { account } = this.identity;
    if (account !== undefined && !account.created)
      await this.save({ ...this.identity, account: { ...account, created: true } });
  }

  /** Pins the hub of the first contact. */
  async pin(hub: StoredHub): Promise<void> {
    if (this.identity.hub === undefined) await this.save({ ...this.identity, hub });
  }

  /** Forgets hub and account, not the KEY. */
  async forget(): Promise<void> {
    await this.save({ key: this.identity.key });
  }

  private async save(identity: Identity): Promise<void> {
    await this.world.files.write(this.path, `${JSON.stringify(identity, undefined, 2)}\n`, 0o600);
    this.current = identity;
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
  if (!isRecord(json) || typeof json.key !== 'string' || json.key === '') return false;
  const { account, hub } = json;
  const accountIsSound =
    account === undefined ||
    (isRecord(account) &&
      typeof account.name === 'string' &&
      typeof account.password === 'string' &&
      typeof account.created === 'boolean');
  const hubIsSound =
    hub === undefined ||
    (isRecord(hub) && typeof hub.domain === 'string' && typeof hub.authority === 'string');
  return accountIsSound && hubIsSound;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
