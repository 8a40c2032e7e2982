import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from '../bench.js';
import { type Lab, pause, type Running } from '../lab.js';

const ROOT = '/sys/fs/cgroup';
const MEGABYTE = 1024 * 1024;

/** A limit of memory for the processes that are started in it, page cache included. */
export interface MemoryLimit extends Running {
  /** What the kernel calls it. */
  readonly kind: string;
  /** The command that starts a program in it. */
  readonly under: readonly string[];
  /** The most that its processes used so far, in megabytes; `pid` is one of them. */
  peak(pid: number): number;
}

/** Makes a limit in the way that this machine has. Throws CannotRun where there is none. */
export function memoryLimit(lab: Lab, megabytes: number): MemoryLimit {
  const made = versionOne(megabytes) ?? versionTwo(megabytes) ?? systemd(megabytes);
  if (made !== undefined) return lab.keep(made);
  throw new CannotRun(
    'No memory limit can be made: that takes root and a memory controller in /sys/fs/cgroup (version 1 or 2), or systemd-run.',
  );
}

function versionOne(megabytes: number): MemoryLimit | undefined {
  return group('cgroup version 1', join(ROOT, 'memory'), 'memory.max_usage_in_bytes', (folder) => {
    writeFileSync(join(folder, 'memory.limit_in_bytes'), String(megabytes * MEGABYTE));
    const swap = join(folder, 'memory.memsw.limit_in_bytes');
    if (existsSync(swap)) writeFileSync(swap, String(megabytes * MEGABYTE));
  });
}

function versionTwo(megabytes: number): MemoryLimit | undefined {
  return group('cgroup version 2', ROOT, 'memory.peak', (folder) => {
    writeFileSync(join(folder, 'memory.max'), String(megabytes * MEGABYTE));
    const swap = join(folder, 'memory.swap.max');
    if (existsSync(swap)) writeFileSync(swap, '0');
  });
}

/** A group of processes below `parent`; `undefined` where none can be made or limited. */
function group(
  kind: string,
  parent: string,
  peak: string,
  limit: (folder: string) => void,
): MemoryLimit | undefined {
  const folder = join(parent, `hearth-bench-${process.pid}`);
  const remove = async (): Promise<void> => {
    // The kernel takes a moment to let go of a process that has ended.
    for (let tries = 50; existsSync(folder); tries--) {
      try {
        rmdirSync(folder);
      } catch (error) {
        if (tries === 0) throw error;
        await pause(100);
      }
    }
  };
  try {
    mkdirSync(folder);
  } catch {
    return undefined;
  }
  try {
    limit(folder);
  } catch {
    rmdirSync(folder);
    return undefined;
  }
  // The shell joins the group, then becomes the program.
  const under = ['sh', '-c', `echo $$ > '${folder}/cgroup.procs' && exec "$@"`, 'sh'];
  return { kind, under, peak: () => readNumber(join(folder, peak)), stop: remove };
}

/** A scope that systemd makes and takes away. */
function systemd(megabytes: number): MemoryLimit | undefined {
  const properties = ['-p', `MemoryMax=${megabytes}M`, '-p', 'MemorySwapMax=0'];
  const under = ['systemd-run', '--scope', '--quiet', '--collect', ...properties, '--'];
  if (spawnSync(under[0] ?? '', [...under.slice(1), 'true']).status !== 0) return undefined;
  const peak = (pid: number): number => {
    const [, path = ''] = /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8')) ?? [];
    return readNumber(join(ROOT, path, 'memory.peak'));
  };
  return { kind: 'systemd-run', under, peak, stop: async () => undefined };
}

function readNumber(file: string): number {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) / MEGABYTE : Number.NaN;
}
