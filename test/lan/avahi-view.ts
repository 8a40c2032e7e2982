import type { Host } from './lab.js';

/** One instance as avahi resolved it: `IPv4` or `IPv6` is the protocol by which it was found. */
export interface Seen {
  readonly interface: string;
  readonly protocol: 'IPv4' | 'IPv6';
  readonly instance: string;
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** The texts in quotes, in avahi's order. */
  readonly txt: string;
}

/** What avahi of a machine resolves of a service type now: one entry for each interface and protocol. */
export async function seenBy(viewer: Host, type = '_xmpp-client._tcp'): Promise<Seen[]> {
  const { code, stdout, stderr } = await viewer.run('avahi-browse', ['-r', '-t', '-p', type]);
  if (code !== 0) throw new Error(`avahi-browse: ${stderr}`);
  return stdout.split('\n').flatMap((line) => {
    const [event, link = '', protocol, instance = '', , , host = '', address = '', port, txt = ''] =
      line.split(';');
    if (event !== '=' || (protocol !== 'IPv4' && protocol !== 'IPv6')) return [];
    // avahi writes what is no letter or digit of a name as `\064`: a backslash and the byte's decimal number.
    const name = instance.replace(/\\(\d{3})/g, (_, byte: string) => String.fromCharCode(Number(byte)));
    return [{ interface: link, protocol, instance: name, host, address, port: Number(port), txt }];
  });
}

/** The addresses that avahi of a machine has for an instance, sorted. */
export async function addressesSeenBy(viewer: Host, instance: string, type?: string): Promise<string[]> {
  const seen = await seenBy(viewer, type);
  return seen
    .filter((entry) => entry.instance === instance)
    .map(({ address }) => address)
    .sort();
}

/** Looks again until it fits; resolves with the milliseconds that took. Rejects after `limit`. */
export async function until(look: () => Promise<boolean>, limit = 5000): Promise<number> {
  const begin = performance.now();
  while (!(await look())) {
    if (performance.now() - begin > limit) throw new Error(`not within ${limit} ms`);
  }
  return performance.now() - begin;
}
