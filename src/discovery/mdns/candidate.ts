import { MAX_LABEL, machineLabel, withSuffix } from './names.js';

/** Names tried beside the first before the responder gives up for a while. */
const MAX_SUFFIX = 10;

/**
 * The label the machine goes by: its own name; `<name>-hub` where the machine's own responder has that; and
 * with `-1`, `-2`, … to `-10` where a neighbour has it, for host and services alike. [0347 3.3.2], [0174 3]
 */
export class Candidate {
  readonly #given: string;
  readonly #isOwn: boolean;
  #room = MAX_LABEL;
  #hub = false;
  #suffix = 0;
  #tried = 0;

  /** Of `name` the first label is used. With `isOwn` it is no name of the machine's, and not left to its responder. */
  constructor(name: string, isOwn = false) {
    this.#given = name;
    this.#isOwn = isOwn;
  }

  /** The label now. */
  get label(): string {
    return this.#labelOf(this.#hub, this.#suffix);
  }

  /** The label that this machine has where nobody else has it. */
  get first(): string {
    return this.#labelOf(this.#hub, 0);
  }

  /** Whether the name is one that the machine's own responder has, or will want. */
  get isMachines(): boolean {
    return !this.#isOwn && !this.#hub;
  }

  /** Leaves room for `bytes` before the label, as in `user@machine`: all of it must fit in 63. */
  reserve(bytes: number): void {
    this.#room = Math.min(this.#room, MAX_LABEL - bytes);
  }

  /** Starts with a label that a conflict led to earlier; any other than a form of this machine's name is ignored. */
  recall(label: string): void {
    for (const hub of [false, true]) {
      for (let suffix = 0; suffix <= MAX_SUFFIX; suffix++) {
        if (this.#labelOf(hub, suffix) !== label) continue;
        this.#hub = hub;
        this.#suffix = suffix;
        return;
      }
    }
  }

  /** Leaves the plain name to the machine's own responder, whose names are never contested. */
  yieldToMachine(): void {
    this.#hub = true;
    this.restart();
  }

  /** Takes the next name, after `-10` the first; false if all are spent. */
  next(): boolean {
    if (this.#tried >= MAX_SUFFIX) return false;
    this.#tried += 1;
    this.#suffix = this.#suffix === MAX_SUFFIX ? 0 : this.#suffix + 1;
    return true;
  }

  /** The name has been ours in peace: what was tried before does not count any longer. */
  settle(): void {
    this.#tried = 0;
  }

  /** Starts over with the first name. */
  restart(): void {
    this.#suffix = 0;
    this.#tried = 0;
  }

  #labelOf(hub: boolean, suffix: number): string {
    const name = machineLabel(this.#given, this.#room);
    const base = hub ? withSuffix(name, 'hub', this.#room) : name;
    return suffix === 0 ? base : withSuffix(base, String(suffix), this.#room);
  }
}
