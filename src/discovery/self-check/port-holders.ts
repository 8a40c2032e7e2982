import type { Finding } from '../../domain/finding.js';
import type { Glance } from '../../system/glance.js';
import { PORT } from '../mdns/path.js';

/** The inodes of the sockets that hold a port, from the text of /proc/net/udp or udp6. */
export function inodesOn(port: number, table: string): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes: string[] = [];
  for (const line of table.split('\n').slice(1)) {
    const cells = line.trim().split(/\s+/);
    const [, local = ''] = cells;
    const inode = cells[9];
    if (local.endsWith(`:${wanted}`) && inode !== undefined && /^\d+$/.test(inode)) inodes.push(inode);
  }
  return [...new Set(inodes)];
}

/** Who else has the port of mDNS on this machine; nothing where the system does not tell. */
export async function portFindings(glance: Glance): Promise<Finding[]> {
  const tables = await Promise.all(['/proc/net/udp', '/proc/net/udp6'].map((path) => glance.text(path)));
  const inodes = new Set(tables.flatMap((table) => inodesOn(PORT, table ?? '')));
  const own = await glance.link('/proc/self');
  const holders = await holdersOf(inodes, glance);
  const found = new Set([...holders].filter(([pid]) => pid !== own).map(([, name]) => name));
  if (inodes.size > 0) found.add(ANOTHER);
  if (found.size === 0) return [];
  const names = [...found].sort((a, b) => Number(a === ANOTHER) - Number(b === ANOTHER)).join(', ');
  return [
    {
      severity: 'ok',
      text: `On this machine UDP port ${PORT} is also used by: ${names}.`,
      advice:
        'The hub leaves their host name and what is sent to this machine alone to them. To have one program speak for all, install avahi and set mdns.backend to avahi.',
    },
  ];
}

const ANOTHER = 'another program';

/** The processes that hold these sockets: their ids and names. What was found is taken out of `inodes`. */
async function holdersOf(inodes: Set<string>, glance: Glance): Promise<Map<string, string>> {
  const holders = new Map<string, string>();
  const pids = (await glance.names('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of inodes.size === 0 ? [] : pids) {
    const descriptors = await glance.names(`/proc/${pid}/fd`);
    const links = await Promise.all(descriptors.map((fd) => glance.link(`/proc/${pid}/fd/${fd}`)));
    const held = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link ?? '')?.[1] ?? []);
    const ours = held.filter((inode) => inodes.has(inode));
    if (ours.length === 0) continue;
    for (const inode of ours) inodes.delete(inode);
    holders.set(pid, (await glance.text(`/proc/${pid}/comm`))?.trim() || ANOTHER);
  }
  return holders;
}
