import type { World } from '../system/world.js';
import { DHCP_CODES, decodeDhcpOption } from './dhcp-option.js';

/** Most bytes of a lease file that are read: the newest, at its end. */
const MOST_BYTES = 65_536;

/** What reading leases needs. */
export type LeaseWorld = Pick<World, 'files' | 'network' | 'clock'>;

/**
 * The XMPP servers that DHCP named to this machine, as its DHCP client wrote them down: systemd-networkd, then udhcpc by
 * our script fragment, then dhclient, interface by interface. [0347 3.3.1] A file that is missing, damaged or not to be
 * read names none. Never throws.
 */
export async function serversInLeases(world: LeaseWorld): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const name of interfacesOf(world)) {
    const sources = [await networkd(name, world), await udhcpc(name, world), await dhclient(name, world)];
    for (const server of sources) if (server !== undefined) found.add(server);
  }
  return [...found];
}

/** Names that may stand in a path; no system has others. */
function interfacesOf({ network }: LeaseWorld): Set<string> {
  const lans = network.interfaces().filter(({ internal }) => !internal);
  return new Set(lans.map(({ name }) => name).filter((name) => /^[\w.:@-]+$/.test(name)));
}

/** `OPTION_224=<hex>`, kept where the network file lists 224 in `RequestOptions=`. */
async function networkd(name: string, world: LeaseWorld): Promise<string | undefined> {
  const index = (await read(`/sys/class/net/${name}/ifindex`, world))?.trim() ?? '';
  if (!/^\d{1,9}$/.test(index)) return undefined;
  const text = await read(`/run/systemd/netif/leases/${index}`, world);
  return fromHex(lastMatch(text, /^OPTION_224=([0-9a-f]*)$/gim));
}

/** `opt224=<hex>`, as udhcpc tells its script. */
async function udhcpc(name: string, world: LeaseWorld): Promise<string | undefined> {
  const text = await read(`/run/udhcpc.${name}.env`, world);
  return fromHex(lastMatch(text, /^opt224=["']?([0-9a-f]*)["']?$/gim));
}

/** The last lease of dhclient's file, unless it has ended. The option has no name there but its number or ours. */
async function dhclient(name: string, world: LeaseWorld): Promise<string | undefined> {
  const files = [`/var/lib/dhcp/dhclient.${name}.leases`, '/var/lib/dhcp/dhclient.leases'];
  for (const path of files) {
    const text = await read(path, world);
    const leases = [...(text ?? '').matchAll(/^lease \{$([^{}]*)^\}$/gm)].map(([, lease = '']) => lease);
    const last = leases.filter((lease) => lease.includes(`interface "${name}";`)).at(-1);
    if (last === undefined || hasEnded(last, world)) continue;
    const value = /^ *option (?:unknown-224|xmpp-server) (.{1,1024});$/m.exec(last)?.[1];
    const server = value === undefined ? undefined : fromDhclient(value);
    if (server !== undefined) return server;
  }
  return undefined;
}

/** `expire 4 2026/11/26 10:00:00;`, in UTC; one that says `never` or nothing goes on. */
function hasEnded(lease: string, { clock }: LeaseWorld): boolean {
  const pattern = /^ *expire \d (\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d);$/m;
  const [year, month, ...rest] = (pattern.exec(lease) ?? []).slice(1).map(Number);
  if (year === undefined || month === undefined) return false;
  const [day, hour, minute, second] = rest;
  return Date.UTC(year, month - 1, day, hour, minute, second) <= clock.now();
}

/** Text in quotes, or bytes as `70:72:6f`. */
function fromDhclient(value: string): string | undefined {
  const [, text] = /^"([^"\\]*)(?:\\000)?"$/.exec(value) ?? [];
  if (text !== undefined) return fromBytes(Buffer.from(text, 'latin1'));
  if (!/^[0-9a-f]{1,2}(:[0-9a-f]{1,2})*$/i.test(value)) return undefined;
  return fromBytes(Buffer.from(value.split(':').map((byte) => Number.parseInt(byte, 16))));
}

function fromHex(hex: string | undefined): string | undefined {
  return hex === undefined || hex.length % 2 === 1 ? undefined : fromBytes(Buffer.from(hex, 'hex'));
}

/** The option's value, put into the form of a message, where everything is checked. */
function fromBytes(value: Buffer): string | undefined {
  if (value.length > 255) return undefined;
  return decodeDhcpOption(Buffer.concat([Buffer.from([DHCP_CODES.site, value.length]), value]));
}

function lastMatch(text: string | undefined, pattern: RegExp): string | undefined {
  return [...(text ?? '').matchAll(pattern)].at(-1)?.[1];
}

async function read(path: string, { files }: LeaseWorld): Promise<string | undefined> {
  try {
    const bytes = await files.read(path);
    return bytes?.subarray(-MOST_BYTES).toString('latin1');
  } catch {
    // Who may not read the lease, or finds a folder there, learns of no server: that is no failure of the thing.
    return undefined;
  }
}
