import type { Host } from './lab.js';
import type { LabProcess } from './lab-process.js';

type Family = 'IPv4' | 'IPv6';

interface Heard {
  readonly at: number;
  readonly family: string;
  /** Empty: silence. */
  readonly addresses: readonly string[];
}

/** Milliseconds until a watcher gives up. */
const LIMIT = 20_000;

/** Somebody on the LAN who asks for a host's addresses again and again, and remembers nothing. */
export class Watcher {
  readonly #process: LabProcess;

  /** `program` is the path of the program `watch`. */
  constructor(viewer: Host, program: string, name: string) {
    this.#process = viewer.spawn(process.execPath, [program, name]);
  }

  /**
   * Resolves with the milliseconds from `since` (as `Date.now()`) until the host first gave an answer by this family that
   * fits. Rejects with all that was heard when 20 s pass.
   */
  after(since: number, family: Family, fits: (addresses: readonly string[]) => boolean): Promise<number> {
    const find = (): number | undefined => {
      const first = this.#heard(family).find(
        ({ at, addresses }) => at >= since && addresses.length > 0 && fits(addresses),
      );
      return first === undefined ? undefined : first.at - since;
    };
    return this.#process.waitUntil(find, `a fitting answer by ${family} after ${since}`, LIMIT);
  }

  /** Resolves once the host is not heard by this family. */
  async silence(family: Family): Promise<void> {
    const find = () => (this.#heard(family).at(-1)?.addresses.length === 0 ? true : undefined);
    await this.#process.waitUntil(find, `silence by ${family}`, LIMIT);
  }

  stop(): Promise<unknown> {
    return this.#process.kill();
  }

  #heard(family: Family): Heard[] {
    const lines = this.#process.stdout.split('\n').filter((line) => line.includes(` ${family} `));
    return lines.map((line) => {
      const [at, of = '', ...addresses] = line.split(' ');
      return { at: Number(at), family: of, addresses: addresses[0] === 'silence' ? [] : addresses };
    });
  }
}
