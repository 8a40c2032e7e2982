import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the project and the compiled benches lie. */
export interface Places {
  readonly root: string;
  /** The folder with the compiled programs of bench/load and, in dist/, the hub as it was built. */
  readonly compiled: string;
}

/** What the person at the keyboard asked for. */
export interface LabOptions extends Places {
  /** Where the hub writes CPU profiles; absent for none. */
  readonly profile?: string;
  /** How many things, where a bench has them; absent for its own sizes. */
  readonly things?: number;
}

/** Something that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>;
}

/** Where benches are run: temporary folders, a list of what must end, and notes for the reader. */
export class Lab {
  readonly options: LabOptions;
  readonly notes: string[] = [];
  private readonly running: Running[] = [];
  private readonly folders: string[] = [];

  constructor(options: LabOptions) {
    this.options = options;
  }

  /** The path of a compiled program of bench/load. */
  program(name: string): string {
    return join(this.options.compiled, `${name}.mjs`);
  }

  /** A new empty folder, removed by `clear`. */
  async folder(name: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), `hearth-bench-${name}-`));
    this.folders.push(folder);
    return folder;
  }

  /** Remembers what must end, whatever happens. */
  keep<R extends Running>(running: R): R {
    this.running.push(running);
    return running;
  }

  /** Says how far a long bench is, at once. */
  tell(text: string): void {
    process.stderr.write(`\n  ${text} `);
  }

  /** A sentence for the reader, below the table. */
  note(text: string): void {
    this.notes.push(text);
  }

  /** Ends all that still runs, the youngest first, and removes the folders. */
  async clear(): Promise<void> {
    for (const running of this.running.splice(0).reverse()) {
      await running.stop().catch((error: unknown) => this.note(`Could not stop: ${String(error)}`));
    }
    for (const folder of this.folders.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}

/** Waits; benches measure real time. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
