import os from 'node:os';
import { join } from 'node:path';

/** What the hub has to know about the machine it runs on. */
export interface Machine {
  /** The host name as one label: lower-case letters, digits and hyphens; `hearth` where it says nothing. */
  readonly label: string;
  /** Where the hub's data lies if nobody says otherwise. */
  readonly dataFolder: string;
  /** Where the things that this user simulates keep what they know. */
  readonly thingsFolder: string;
}

/** This machine. */
export function systemMachine(env: NodeJS.ProcessEnv): Machine {
  return {
    label: machineLabel(),
    dataFolder: dataFolder(env.STATE_DIRECTORY, process.getuid?.() === 0, os.homedir()),
    thingsFolder: join(os.homedir(), '.local/state/hearth-things'),
  };
}

/** This machine's host name as one label. */
export function machineLabel(): string {
  return hostLabel(os.hostname());
}

/** One mDNS label from a host name, short enough for a suffix such as `-hub-10` behind it. */
export function hostLabel(hostName: string): string {
  const label = (hostName.split('.')[0] ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 55)
    .replaceAll(/^-+|-+$/g, '');
  return label === '' || label === 'localhost' ? 'hearth' : label;
}

/** `$STATE_DIRECTORY` of systemd (the first of several), `/var/lib/hearth` for root, or the user's own state folder. */
export function dataFolder(stateDirectory: string | undefined, root: boolean, home: string): string {
  const first = stateDirectory?.split(':')[0];
  if (first !== undefined && first !== '') return first;
  return root ? '/var/lib/hearth' : join(home, '.local/state/hearth');
}
