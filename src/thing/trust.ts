import { join } from 'node:path';
import { type Generation, generations } from '../domain/generation.js';
import type { Files } from '../system/files.js';
import { isListOf, isRecord, isText, JsonFile } from './json-file.js';

/** A provisioning server that the thing trusts: it asks this, and complies with the answers [0324 3.1.1]. */
export interface Authority {
  /** Bare JID. */
  readonly jid: string;
  readonly generation: Generation;
}

/** Where trust came from: discovery at the thing's own hub, or somebody who pressed its button. */
interface Held extends Authority {
  readonly from: 'discovery' | 'person';
}

interface Content {
  readonly authorities: readonly Held[];
  readonly friends: readonly string[];
}

/** Most provisioning servers, and most friends that were accepted at the thing itself. */
const MOST_AUTHORITIES = 8;
const MOST_FRIENDS = 256;

/**
 * Whom the thing trusts: provisioning servers, the original one first, and friends that a person accepted at the thing
 * itself. `trust.json` in its folder. Where it is locked, the first trust is final until it is forgotten [0324 7.1].
 */
export class Trust {
  private readonly file: JsonFile<Content>;
  private readonly locked: boolean;
  private content: Content = { authorities: [], friends: [] };

  constructor(folder: string, locked: boolean, files: Files) {
    this.file = new JsonFile(join(folder, 'trust.json'), files, isContent);
    this.locked = locked;
  }

  /** Reads whom it trusted. Rejects where that is damaged: a locked thing must not be open to anybody then. */
  async start(): Promise<void> {
    this.content = (await this.file.read()) ?? { authorities: [], friends: [] };
  }

  /** Resolves once everything is on the disk. */
  stop(): Promise<void> {
    return this.file.idle();
  }

  /** The provisioning servers, the one of the original trust first. */
  get authorities(): readonly Authority[] {
    return this.content.authorities;
  }

  /** Whether nobody may be added any more. */
  get isFinal(): boolean {
    return this.locked && this.content.authorities.length > 0;
  }

  /** Whether a person accepted this bare JID as a friend at the thing itself. */
  isFriend(jid: string): boolean {
    return this.content.friends.includes(jid);
  }

  /**
   * Discovery found this provisioning server at the thing's own hub; it takes the place of another that discovery found
   * before. Where none is found now, what was found stays. Resolves with whether trust changed, once that is on the disk.
   */
  async found(authority: Authority | undefined): Promise<boolean> {
    if (authority === undefined || this.isFinal) return false;
    const { authorities } = this.content;
    const known = authorities.find(({ jid, from }) => jid === authority.jid && from === 'discovery');
    if (known?.generation === authority.generation) return false;
    const delegated = authorities.filter(({ jid, from }) => from === 'person' && jid !== authority.jid);
    await this.save({ authorities: [{ ...authority, from: 'discovery' }, ...delegated] });
    return true;
  }

  /** A person at the thing delegated trust to this server, beside those that have it [0324 3.1.4]. */
  async delegate(authority: Authority): Promise<void> {
    const others = this.content.authorities.filter(({ jid }) => jid !== authority.jid);
    if (this.isFinal || others.length >= MOST_AUTHORITIES) throw new Error('no more trust may be delegated');
    await this.save({ authorities: [...others, { ...authority, from: 'person' }] });
  }

  /** A person at the thing accepted a friend. */
  async befriend(jid: string): Promise<void> {
    const others = this.content.friends.filter((friend) => friend !== jid);
    if (others.length >= MOST_FRIENDS) throw new Error('the thing has too many friends');
    await this.save({ friends: [...others, jid] });
  }

  /** A friendship that a person accepted is over. */
  async unfriend(jid: string): Promise<void> {
    if (!this.isFriend(jid)) return;
    await this.save({ friends: this.content.friends.filter((friend) => friend !== jid) });
  }

  /** Trusts nobody any more: the factory reset. */
  forget(): Promise<void> {
    return this.save({ authorities: [], friends: [] });
  }

  private save(changes: Partial<Content>): Promise<void> {
    this.content = { ...this.content, ...changes };
    return this.file.write(() => this.content);
  }
}

function isContent(json: unknown): json is Content {
  return isRecord(json) && isListOf(json.authorities, isHeld) && isListOf(json.friends, isText);
}

function isHeld(json: unknown): json is Held {
  if (!isRecord(json) || !isText(json.jid)) return false;
  const { generation, from } = json;
  return generations.some((known) => known === generation) && (from === 'discovery' || from === 'person');
}
