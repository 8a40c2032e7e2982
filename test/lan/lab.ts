import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { childrenOf, LabProcess, type Outcome, type ProcessOptions } from './lab-process.js';

/** What a room has of its own. */
const SPACES = ['--net', '--mount', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc'];

/**
 * A room of its own on this machine: network, mounts, host name and processes. It lives as long as its keeper, which
 * reads our end of a pipe: when we end, however that comes, the room and all processes in it end too.
 */
class Room {
  readonly #keeper: LabProcess;
  readonly #pid: number;

  private constructor(keeper: LabProcess, pid: number) {
    this.#keeper = keeper;
    this.#pid = pid;
  }

  static async open(hostName: string): Promise<Room> {
    const setUp = 'mount -t tmpfs tmpfs /run && hostname "$1" && ip link set lo up && echo open && exec cat';
    const keeper = new LabProcess('unshare', [...SPACES, 'sh', '-c', setUp, 'sh', hostName], {
      keepInput: true,
    });
    await keeper.waitFor(/open/);
    const [inner] = childrenOf(keeper.pid);
    if (inner === undefined) throw new Error('the keeper of a room has no child');
    return new Room(keeper, inner);
  }

  /** The process that others enter the room by. */
  get pid(): number {
    return this.#pid;
  }

  /** Starts a program in the room. */
  spawn(command: string, args: readonly string[], options?: ProcessOptions): LabProcess {
    const enter = ['-t', String(this.#pid), '-n', '-m', '-u', '-p', '--', command, ...args];
    return new LabProcess('nsenter', enter, { ...options, isInRoom: true });
  }

  /** Runs a command in the room's network only; rejects if it fails. */
  async network(...args: string[]): Promise<void> {
    const { code, stderr } = await new LabProcess('nsenter', ['-t', String(this.#pid), '-n', 'ip', ...args])
      .ended;
    if (code !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
  }

  /** The link-local IPv6 address of an interface, once no other machine objects to it (RFC 4862 §5.4). */
  async linkLocal(name: string): Promise<string> {
    const scope = ['dev', name, 'scope', 'link', '-tentative'];
    for (;;) {
      const list = this.spawn('ip', ['-6', '-o', 'address', 'show', ...scope]);
      const [, address] = (await list.ended).stdout.match(/inet6 (fe80:[^/]*)/) ?? [];
      if (address !== undefined) return address;
    }
  }

  async close(): Promise<void> {
    await this.#keeper.kill('SIGKILL');
  }
}

/** A machine of the lab. It has no default route, like a LAN whose router is off. */
export class Host {
  readonly name: string;
  /** Its address on the LAN that it was made on. */
  readonly address: string;
  readonly #room: Room;

  constructor(name: string, address: string, room: Room) {
    this.name = name;
    this.address = address;
    this.#room = room;
  }

  /** Starts a program here. It ends with the lab at the latest. */
  spawn(command: string, args: readonly string[] = [], options?: ProcessOptions): LabProcess {
    return this.#room.spawn(command, args, options);
  }

  /** Runs a program here to its end. */
  run(command: string, args: readonly string[] = [], options?: ProcessOptions): Promise<Outcome> {
    return this.spawn(command, args, options).ended;
  }

  /** Its link-local IPv6 address on an interface, once it has it for sure. */
  linkLocal(name = 'eth0'): Promise<string> {
    return this.#room.linkLocal(name);
  }

  /** Loses this share of the mDNS packets that it sends from now on, by chance, in percent. Needs `nft`. */
  async lose(percent: number): Promise<void> {
    const rules = `
      add table inet loss
      delete table inet loss
      table inet loss {
        chain output {
          type filter hook output priority 0;
          udp dport 5353 numgen random mod 100 < ${percent} drop
        }
      }`;
    const { code, stderr } = await this.run('nft', ['-f', '-'], { input: rules });
    if (code !== 0) throw new Error(`nft: ${stderr}`);
  }

  /** Runs `ip` here; rejects if it fails. */
  ip(...args: string[]): Promise<void> {
    return this.#room.network(...args);
  }

  /** Writes a file that only this machine sees; the path lies under /run. */
  async write(path: string, text: string): Promise<void> {
    const { code, stderr } = await this.run('sh', ['-c', 'cat > "$1"', 'sh', path], { input: text });
    if (code !== 0) throw new Error(`${path}: ${stderr}`);
  }

  /** Puts another file in place of one in /etc, for this machine alone; there need not be one. */
  async replace(name: string, text: string): Promise<void> {
    // A file can only be mounted over one that is there, and a small installation of Debian lacks some.
    const own = 'cp -a /etc /run/etc && cat > "/run/etc/$1" && mount --bind /run/etc /etc';
    const { code, stderr } = await this.run('sh', ['-c', own, 'sh', name], { input: text });
    if (code !== 0) throw new Error(`/etc/${name}: ${stderr}`);
  }
}

/** An Ethernet with machines on it, made of network namespaces. Needs root; see `missing`. */
export class Lan {
  readonly #switch: Room;
  readonly #prefix: string | undefined;
  readonly #rooms = new Map<Host, Room>();
  /** The socket of the switch that each interface is plugged into. */
  readonly #cables = new Map<string, string>();
  #next: number;

  private constructor(room: Room, prefix: string | undefined, first: number) {
    this.#next = first;
    this.#switch = room;
    this.#prefix = prefix;
  }

  /** What this machine lacks for a lab with these programs, as a sentence; `undefined` if nothing. */
  static missing(...programs: string[]): string | undefined {
    if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
    if (process.getuid?.() !== 0) return 'network namespaces need root';
    const absent = ['unshare', 'nsenter', 'ip', ...programs].filter((program) => !isInstalled(program));
    return absent.length === 0 ? roomless() : `not installed: ${absent.join(', ')}`;
  }

  /** A LAN whose machines get addresses `<prefix>.1`, `.2`, … of a network of 254, or those after `first`. */
  static make(prefix = '10.77.0', first = 1): Promise<Lan> {
    return Lan.#make(prefix, first);
  }

  /** A LAN without IPv4: its machines have the link-local IPv6 addresses that they give themselves. */
  static makeIpv6(): Promise<Lan> {
    return Lan.#make(undefined, 1);
  }

  static async #make(prefix: string | undefined, first: number): Promise<Lan> {
    const room = await Room.open('switch');
    await room.network('link', 'add', 'bridge', 'type', 'bridge', 'mcast_snooping', '0');
    await room.network('link', 'set', 'bridge', 'up');
    return new Lan(room, prefix, first);
  }

  /** A new machine, with `eth0` on this LAN. */
  async host(name: string): Promise<Host> {
    const room = await Room.open(name);
    const address = await this.#plug(room, 'eth0');
    const host = new Host(name, address, room);
    this.#rooms.set(host, room);
    return host;
  }

  /**
   * Gives a machine of another LAN, or of this one, an interface on this one; resolves with its address, which is the
   * next free one if not given.
   */
  plug(host: Host, from: Lan, name: string, address?: string): Promise<string> {
    return this.#plug(from.#room(host), name, address);
  }

  /** Pulls the cable of a machine's interface, or puts it in again; the interface keeps its addresses. */
  async cable(host: Host, where: 'out' | 'in', name = 'eth0'): Promise<void> {
    const port = this.#cables.get(`${this.#room(host).pid} ${name}`);
    if (port === undefined) throw new Error(`${host.name} has no ${name} on this LAN`);
    await this.#switch.network('link', 'set', port, where === 'out' ? 'down' : 'up');
  }

  /** Makes one LAN of this and another one: a cable between the two switches. */
  async join(other: Lan): Promise<void> {
    const end = ['peer', 'name', 'uplink', 'netns', String(other.#switch.pid)];
    await this.#switch.network('link', 'add', 'uplink', 'type', 'veth', ...end);
    for (const lan of [this, other]) {
      await lan.#switch.network('link', 'set', 'uplink', 'master', 'bridge', 'up');
    }
  }

  /** Ends all machines and what runs on them. */
  async close(): Promise<void> {
    await Promise.all([...this.#rooms.values(), this.#switch].map((room) => room.close()));
  }

  #room(host: Host): Room {
    const room = this.#rooms.get(host);
    if (room === undefined) throw new Error(`${host.name} is not on that LAN`);
    return room;
  }

  async #plug(room: Room, name: string, wanted?: string): Promise<string> {
    const number = this.#next++;
    const port = `port${number}`;
    const peer = ['peer', 'name', name, 'netns', String(room.pid)];
    await this.#switch.network('link', 'add', port, 'type', 'veth', ...peer);
    await this.#switch.network('link', 'set', port, 'master', 'bridge', 'up');
    this.#cables.set(`${room.pid} ${name}`, port);
    const address = wanted ?? (this.#prefix === undefined ? '' : `${this.#prefix}.${number}`);
    if (address !== '') await room.network('address', 'add', `${address}/24`, 'dev', name);
    await room.network('link', 'set', name, 'up');
    return address === '' ? await room.linkLocal(name) : address;
  }
}

/** Why no room can be made here, as in a container or a changed root; `undefined` if one can. */
function roomless(): string | undefined {
  const { status, stderr } = spawnSync('unshare', [...SPACES, 'mount', '-t', 'tmpfs', 'tmpfs', '/run'], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `no namespaces can be made here: ${stderr.trim()}`;
}

function isInstalled(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
