import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The few things the hub does with files beside its database. */
export interface Files {
  /** The file's bytes, or `undefined` where there is none. Other errors reject with the system's code. */
  read(path: string): Promise<Buffer | undefined>;
  /**
   * Replaces the file whole or not at all, also across a power loss: temporary file, fsync, rename,
   * fsync of the folder. `mode` is the file's permission, 0600 if not given.
   */
  write(path: string, data: string | Uint8Array, mode?: number): Promise<void>;
  /** Makes the folder and its parents; the folder itself gets `mode`. */
  makeFolder(path: string, mode: number): Promise<void>;
  /** Deletes the file; one that is not there is no error. */
  remove(path: string): Promise<void>;
}

/** The machine's files. */
export class SystemFiles implements Files {
  async read(path: string): Promise<Buffer | undefined> {
    try {
      return await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async write(path: string, data: string | Uint8Array, mode = 0o600): Promise<void> {
    const temporary = `${path}.tmp`;
    const file = await open(temporary, 'w', mode);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    const folder = await open(dirname(path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async makeFolder(path: string, mode: number): Promise<void> {
    await makeFolders(path);
    await chmod(path, mode);
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}

/** One folder after the other: Node's recursive mkdir never ends where the system refuses as it does below /proc. */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code === 'EEXIST') throw new Error(`${path} is a file, not a folder`, { cause: error });
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path || (await exists(parent))) throw error;
    await makeFolders(parent);
    await mkdir(path);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
