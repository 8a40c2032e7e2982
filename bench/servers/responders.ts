import { startAvahi } from '../../test/lan/avahi.js';
import { type Host, Lan } from '../../test/lan/lab.js';
import type { LabProcess } from '../../test/lan/lab-process.js';
import { CannotRun } from '../bench.js';
import type { Lab } from '../lab.js';

/** A responder on a machine of its own. */
export interface Responder {
  readonly name: 'hub' | 'avahi' | 'bonjour-service';
  readonly host: Host;
  /** The names of its service and of its type. */
  readonly service: string;
  readonly type: string;
  /** Starts it; resolves at once. `speed` says how much faster its clock runs than ours, where that can be. */
  start(speed?: number): LabProcess;
  /** What it needs once it runs, before it is asked. */
  settle(): Promise<void>;
}

/** Makes the clock of a Node program run faster: its pauses are so much shorter. */
const FASTER = (speed: number): string =>
  `data:text/javascript,const t=setTimeout;globalThis.setTimeout=(f,ms,...a)=>t(f,ms/${speed},...a)`;

/** A LAN of network namespaces with three responders and somebody who asks. */
export class Responders {
  readonly all: readonly Responder[];
  readonly asker: Host;
  private readonly lab: Lab;

  private constructor(lab: Lab, asker: Host, all: readonly Responder[]) {
    this.lab = lab;
    this.asker = asker;
    this.all = all;
  }

  /** Throws CannotRun where no namespaces can be made, or a program is missing. */
  static async make(lab: Lab): Promise<Responders> {
    const missing = Lan.missing('avahi-daemon', 'avahi-publish-service', 'dbus-daemon');
    if (missing !== undefined) throw new CannotRun(missing);
    const lan = await Lan.make('10.76.0');
    lab.keep({ stop: () => lan.close() });
    const asker = await lan.host('asker');
    const all = [hub(lab, await lan.host('bench-hub')), await avahi(await lan.host('bench-avahi'))];
    const plain = await lan.host('bench-bonjour');
    // Without a way out bonjour-service ends at the first question.
    await plain.ip('route', 'add', 'default', 'via', asker.address);
    return new Responders(lab, asker, [...all, bonjour(lab, plain)]);
  }

  /** Runs the asker with these arguments; resolves once it listens. */
  async ask(...args: string[]): Promise<LabProcess> {
    const asking = this.asker.spawn(process.execPath, [
      this.lab.program('mdns-asker'),
      this.asker.address,
      ...args,
    ]);
    await asking.waitFor(/^listening$/m);
    return asking;
  }
}

function hub(lab: Lab, host: Host): Responder {
  return {
    ...{ name: 'hub', host },
    ...{ service: `${host.name}._xmpp-client._tcp.local`, type: '_xmpp-client._tcp.local' },
    start: () => host.spawn(process.execPath, [lab.program('mdns-responder')]),
    settle: async () => undefined,
  };
}

/** Its daemon is what starts; the service comes with a tool of its own once it runs. */
async function avahi(host: Host): Promise<Responder> {
  await (await startAvahi(host)).kill();
  const options = ['-f', '/run/avahi.conf', '--no-drop-root', '--no-chroot', '--no-rlimits'];
  return {
    ...{ name: 'avahi', host },
    ...{ service: 'bench._bench-avahi._tcp.local', type: '_bench-avahi._tcp.local' },
    start: () => host.spawn('avahi-daemon', options),
    settle: async () => {
      const tool = host.spawn('avahi-publish-service', ['bench', '_bench-avahi._tcp', '5222']);
      await tool.waitFor(/Established/);
    },
  };
}

function bonjour(lab: Lab, host: Host): Responder {
  const args = [lab.program('mdns-bonjour'), host.name, 'bench-bonjour'];
  return {
    ...{ name: 'bonjour-service', host },
    ...{ service: `${host.name}._bench-bonjour._tcp.local`, type: '_bench-bonjour._tcp.local' },
    start: (speed = 1) =>
      host.spawn(process.execPath, speed === 1 ? args : ['--import', FASTER(speed), ...args]),
    settle: async () => undefined,
  };
}
