import { readdir, readFile, readlink, stat, statfs } from 'node:fs/promises';

/** Room on a disk, in bytes. */
export interface DiskRoom {
  /** What the hub may still use. */
  readonly free: number;
  readonly total: number;
}

/** A look at what the machine says of itself in its files. Nothing is changed and nothing rejects. */
export interface Glance {
  /** The file's text; `undefined` where it is not there or may not be read. */
  text(path: string): Promise<string | undefined>;
  /** The names in a folder; none where it is not there or may not be read. */
  names(folder: string): Promise<readonly string[]>;
  /** Where a symbolic link points to. */
  link(path: string): Promise<string | undefined>;
  /** The permissions of a file or folder, as 0o700. */
  mode(path: string): Promise<number | undefined>;
  /** The room on the disk that holds a file or folder. */
  room(path: string): Promise<DiskRoom | undefined>;
}

/** The machine's files. */
export class SystemGlance implements Glance {
  text(path: string): Promise<string | undefined> {
    return orUndefined(readFile(path, 'utf8'));
  }

  async names(folder: string): Promise<readonly string[]> {
    return (await orUndefined(readdir(folder))) ?? [];
  }

  link(path: string): Promise<string | undefined> {
    return orUndefined(readlink(path));
  }

  async mode(path: string): Promise<number | undefined> {
    const found = await orUndefined(stat(path));
    return found === undefined ? undefined : found.mode & 0o777;
  }

  async room(path: string): Promise<DiskRoom | undefined> {
    const disk = await orUndefined(statfs(path));
    return disk && { free: disk.bavail * disk.bsize, total: disk.blocks * disk.bsize };
  }
}

/** What cannot be seen is no finding: who looks says so where it matters. */
function orUndefined<T>(looked: Promise<T>): Promise<T | undefined> {
  return looked.catch(() => undefined);
}
