import { join } from 'node:path';
import type { NameMemory } from '../discovery/mdns/mdns.js';
import { Jid } from '../domain/jid.js';
import { StartFailure } from '../domain/start-failure.js';
import type { World } from '../system/world.js';

/** What the hub keeps of itself from its first start on, in `instance.json`. */
export interface Identity {
  /** The XMPP domain: addresses of things and owners end in it, so it never changes. */
  readonly domain: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The machine label in mDNS that a conflict led to. */
  readonly mdnsName?: string;
}

/** What the configuration wants the domain to be. */
export interface WantedDomain {
  readonly name: string;
  readonly domain?: string | undefined;
}

/** Keeps the machine label that a conflict in mDNS led to beside the rest of the identity. */
export function nameMemory(folder: string, identity: Identity, { files }: Pick<World, 'files'>): NameMemory {
  return {
    load: async () => identity.mdnsName,
    save: (mdnsName) => files.write(pathIn(folder), textOf({ ...identity, mdnsName })),
  };
}

/**
 * The hub's identity: the kept one, or at the first start a new one. A domain that the configuration names later
 * changes nothing; the log says so. Throws StartFailure where the file is damaged or cannot be written.
 */
export async function loadIdentity(
  folder: string,
  wanted: WantedDomain,
  { files, clock, log }: Pick<World, 'files' | 'clock' | 'log'>,
): Promise<Identity> {
  const path = pathIn(folder);
  const kept = await files.read(path);
  if (kept !== undefined) {
    const identity = parseIdentity(kept, path);
    if (wanted.domain !== undefined && wanted.domain.toLowerCase() !== identity.domain) {
      log.warn(
        `The domain stays ${identity.domain}: it is kept from the first start, and every address here ends in it. ` +
          `To use ${wanted.domain}, start with an empty data folder.`,
      );
    }
    return identity;
  }
  const domain = Jid.parse(wanted.domain ?? `${wanted.name}.local`).domain;
  const identity = { domain, createdAt: clock.now() };
  await files.write(path, textOf(identity));
  return identity;
}

function parseIdentity(data: Buffer, path: string): Identity {
  try {
    const { domain, createdAt, mdnsName } = JSON.parse(data.toString('utf8')) as Partial<Identity>;
    if (typeof domain === 'string' && typeof createdAt === 'number') {
      const named = typeof mdnsName === 'string' ? { mdnsName } : {};
      return { domain: Jid.parse(domain).domain, createdAt, ...named };
    }
  } catch (cause) {
    throw damaged(path, cause);
  }
  throw damaged(path, undefined);
}

function damaged(path: string, cause: unknown): StartFailure {
  return new StartFailure(
    'damaged',
    `${path} is damaged: it says which domain this hub serves. Restore it from a backup; nothing else was touched.`,
    { cause },
  );
}

function pathIn(folder: string): string {
  return join(folder, 'instance.json');
}

function textOf(identity: Identity): string {
  return `${JSON.stringify(identity, undefined, 2)}\n`;
}
