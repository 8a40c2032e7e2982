import { describe, expect, it } from 'vitest';
import { AvahiBackend } from '../../src/discovery/avahi-backend.js';
import { bareMachine } from '../world/bare-machine.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { ScriptedProcesses, type ScriptedProgram } from '../world/scripted-processes.js';

const SERVER = { type: '_xmpp-client._tcp', port: 5222, txt: [['txtvers', '1']] } as const;
const PRESENCE = { type: '_presence._tcp', port: 5298, user: 'hub', txt: [['status', 'avail']] } as const;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function rig(kept?: string) {
  const clock = new ManualClock();
  const processes = new ScriptedProcesses();
  const saved: string[] = [];
  const names = { load: async () => kept, save: async (label: string) => void saved.push(label) };
  const backend = new AvahiBackend({ name: 'pronto', names }, { clock, log: new CollectedLog(), processes });
  return { clock, processes, saved, backend };
}

/** What avahi-publish-service says when all is well. */
const establish = (program: ScriptedProgram | undefined, host = 'pronto.local'): void =>
  program?.say(
    `Server version: avahi 0.8; Host name: ${host}`,
    `Established under name '${program.args[2]}'`,
  );

describe('a hub that lets avahi speak, with programs that are played', () => {
  it('starts one program for each service, its texts in order, and is announced once all are', async () => {
    const { processes, backend } = rig();
    const publication = backend.publish(SERVER);
    backend.publish(PRESENCE);
    const started = backend.start();
    await turn();
    expect(processes.running.map(({ command, args }) => [command, ...args].join(' '))).toEqual([
      'avahi-publish-service --verbose -- pronto _xmpp-client._tcp 5222 txtvers=1',
      'avahi-publish-service --verbose -- hub@pronto _presence._tcp 5298 status=avail',
    ]);
    establish(processes.running[0]);
    expect(backend.isAnnounced).toBe(false);
    establish(processes.running[1]);
    await started;
    expect([backend.isAnnounced, backend.hostName, publication.instance]).toEqual([
      true,
      'pronto.local',
      'pronto',
    ]);
    publication.update({ txt: [['txtvers', '2']] });
    await turn();
    expect(processes.running.map(({ args }) => args.at(-1))).toEqual(['status=avail', 'txtvers=2']);
    await backend.stop();
    expect(processes.running).toEqual([]);
  });

  it('takes the next name for all where one is taken, and keeps it', async () => {
    const { processes, backend, saved } = rig();
    backend.publish(SERVER);
    backend.publish(PRESENCE);
    const renamed: string[] = [];
    backend.onRename((_, label) => renamed.push(label));
    const started = backend.start();
    await turn();
    processes.running[1]?.say("Name collision, picking new name 'hub@pronto #2'.");
    await turn();
    await turn();
    expect(processes.running.map(({ args }) => args[2])).toEqual(
      expect.arrayContaining(['pronto-1', 'hub@pronto-1']),
    );
    expect([renamed, saved]).toEqual([['pronto-1'], ['pronto-1']]);
    for (const program of processes.running) establish(program);
    await started;
    await backend.stop();
    const again = rig('pronto-1');
    again.backend.publish(SERVER);
    void again.backend.start();
    await turn();
    expect(again.processes.running[0]?.args[2]).toBe('pronto-1');
    await again.backend.stop();
  });

  it('starts a program again that ended, later each time, and says why it is not announced', async () => {
    const { clock, processes, backend } = rig();
    backend.publish(SERVER);
    const started = backend.start();
    await turn();
    for (const wait of [1000, 2000, 4000]) {
      processes.running[0]?.say('Client failure, exiting: Daemon connection failed');
      processes.running[0]?.end();
      await started;
      await turn();
      expect(backend.warnings()).toEqual([expect.stringContaining('systemctl enable --now avahi-daemon')]);
      clock.advance(wait - 1);
      expect(processes.running).toEqual([]);
      clock.advance(1);
      expect(processes.running).toHaveLength(1);
    }
    establish(processes.running[0]);
    expect([backend.isAnnounced, backend.warnings()]).toEqual([true, []]);
    processes.running[0]?.end();
    await turn();
    clock.advance(1000);
    expect(processes.running).toHaveLength(1);
    await backend.stop();
    clock.advance(120_000);
    expect(processes.running).toEqual([]);
  });

  it('says what to install where the program is missing, and starts all the same', async () => {
    const world = { clock: new ManualClock(), log: new CollectedLog(), processes: bareMachine };
    const backend = new AvahiBackend({ name: 'pronto' }, world);
    backend.publish(SERVER);
    await backend.start();
    expect(backend.warnings()).toEqual([expect.stringContaining('apt install avahi-daemon avahi-utils')]);
    expect(world.log.lines.map(({ level }) => level)).toEqual(['warn']);
    await backend.stop();
  });

  it('combines what avahi-browse sees of an instance on several interfaces', async () => {
    const { processes, backend } = rig();
    const browser = backend.browse('_presence._tcp');
    const changes: string[] = [];
    browser.onChange(({ kind, found }) =>
      changes.push(`${kind} ${found.instance} ${found.addresses.join()}`),
    );
    await backend.start();
    const [browse] = processes.running;
    expect(browse?.args).toEqual(['--resolve', '--parsable', '--no-db-lookup', '--', '_presence._tcp']);
    const at = (net: string, family: string) => `${net};${family};lamp\\064box;_presence._tcp;local`;
    browse?.say(
      `=;${at('eth0', 'IPv6')};box.local;fe80::9;5299;"txtvers=1"`,
      `=;${at('eth0', 'IPv4')};box.local;10.0.0.9;5299;"txtvers=1"`,
      `=;${at('lo', 'IPv4')};box.local;127.0.0.1;5299;"txtvers=1"`,
      `-;${at('eth0', 'IPv6')}`,
      `-;${at('eth0', 'IPv4')}`,
    );
    expect(changes).toEqual([
      'up lamp@box fe80::9%eth0',
      'changed lamp@box 10.0.0.9,fe80::9%eth0',
      'changed lamp@box 10.0.0.9',
      'down lamp@box 10.0.0.9',
    ]);
    await backend.stop();
  });

  it('forgets a stranger who invents names, and keeps no more than twenty of one address', async () => {
    const { processes, backend } = rig();
    const browser = backend.browse('_presence._tcp');
    await backend.start();
    for (let i = 0; i < 1000; i++)
      processes.running[0]?.say(`=;eth0;IPv4;x${i};_presence._tcp;local;box.local;10.0.0.9;5299;`);
    expect(browser.all()).toHaveLength(20);
    await backend.stop();
  });
});
