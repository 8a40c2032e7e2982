import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, pause } from '../lab.js';
import { Child, cpuSeconds } from './child.js';
import { Hub, type HubOptions, spawnHub } from './hub.js';

/**
 * Seconds of rest after which a process counts as idle, and how long to wait for that. The engine gives memory back eight
 * seconds after its last collection of garbage: only then an idle process has what it keeps.
 */
const REST = 12;
const PATIENCE = 180;

/** A data folder with many things, for hubs one after another. */
export class Filled {
  readonly things: number;
  private readonly lab: Lab;
  private readonly data: string;

  private constructor(lab: Lab, data: string, things: number) {
    this.lab = lab;
    this.data = data;
    this.things = things;
  }

  /**
   * Makes a data folder with `things` claimed things, and so many more that nobody claimed. A hub has been started in
   * it once, so that its certificates are there.
   */
  static async make(lab: Lab, things: number, unclaimed = 0): Promise<Filled> {
    const filled = new Filled(lab, await lab.folder('filled'), things + unclaimed);
    await (await Hub.start(lab, filled.options())).stop();
    const args = [lab.program('fill'), filled.data, String(things), String(unclaimed)];
    const fill = lab.keep(new Child(process.execPath, args));
    for (let line = await fill.line(); line !== 'done'; line = await fill.line()) {
      if (things > 200_000) lab.tell(`filling: ${line}`);
    }
    await fill.stop();
    return filled;
  }

  /** The folder of the database. */
  get store(): string {
    return join(this.data, 'store');
  }

  /** What a hub in this folder is started with. */
  options(more: Partial<HubOptions> = {}): HubOptions {
    const set = ['domain=bench.local', 'limits.things=1000000', ...(more.set ?? [])];
    return { data: this.data, ...more, set };
  }

  /** Deletes the column snapshots. */
  async forgetSnapshots(): Promise<void> {
    await rm(join(this.data, 'snapshots'), { recursive: true, force: true });
  }

  /** Whether a hub wrote a snapshot when it stopped. */
  async hasSnapshot(): Promise<boolean> {
    const folder = join(this.data, 'snapshots');
    return existsSync(folder) && (await readdir(folder)).some((name) => !name.endsWith('.tmp'));
  }

  /** Rejects where the hub wrote none. */
  async needSnapshot(): Promise<void> {
    if (!(await this.hasSnapshot())) throw new Error('The hub wrote no column snapshot when it stopped.');
  }

  /** Puts the database out of the page cache, so that who reads it next is charged for its pages. */
  async forgetPages(): Promise<void> {
    for (const name of await readdir(this.store)) {
      execFileSync('dd', [`if=${join(this.store, name)}`, 'iflag=nocache', 'count=0', 'status=none']);
    }
  }

  /** Milliseconds from the start of a hub to its `ready`; it is stopped again, cleanly. */
  async timeStart(more: Partial<HubOptions> = {}): Promise<number> {
    const begin = performance.now();
    const child = this.lab.keep(spawnHub(this.lab, this.options(more)));
    const line = await child.line();
    const taken = performance.now() - begin;
    if (!line.startsWith('ready ')) throw new Error(`The hub said "${line}" instead of ready.`);
    await child.stop();
    return taken;
  }

  /** A hub in this folder that has all the things. Rejects where it has not, or is in safe mode. */
  async start(more: Partial<HubOptions> = {}): Promise<Hub> {
    const hub = await Hub.start(this.lab, this.options(more));
    const { state, counts } = await hub.ask('status', {});
    if (state !== 'ready' || counts.things !== this.things)
      throw new Error(`The hub is in the state "${state}" with ${counts.things} of ${this.things} things.`);
    return hub;
  }
}

/** Waits until a process does nothing any more. Rejects if it goes on for minutes. */
export async function idleOf(pid: number): Promise<void> {
  let rest = 0;
  let before = cpuSeconds(pid);
  for (let waited = 0; waited < PATIENCE; waited++) {
    await pause(1000);
    const now = cpuSeconds(pid);
    rest = now - before < 0.03 ? rest + 1 : 0;
    before = now;
    if (rest >= REST) return;
  }
  throw new Error(`Process ${pid} has not come to rest in ${PATIENCE} s.`);
}
