import { MAX_LABEL, machineLabel, withSuffix } from './names.js';

/** Names tried before the responder gives up for a while. */
const MAX_SUFFIX = 10;

/**
 * The label the machine goes by: its own name; `<name>-hub` where the machine's own responder has that; and
 * with `-1`, `-2`, … to `-10` where a neighbour has it, for host and services alike. [0347 3.3.2]
 */
export class Candidate {
  readonly #name: string;
  readonly #room: number;
  #hub = false;
  #suffix = 0;

  /** `room` is how many bytes the label may have: fewer than 63 where it is part of `user@machine`. */
  constructor(name: string, room = MAX_LABEL) {
    this.#room = room;
    this.#name = machineLabel(name, room);
  }

  /** The label now. */
  get label(): string {
    const base = this.#hub ? withSuffix(this.#name, 'hub', this.#room) : this.#name;
    return this.#suffix === 0 ? base : withSuffix(base, String(this.#suffix), this.#room);
  }

  /** Whether the plain name is left to the machine's own responder. */
  get isHub(): boolean {
    return this.#hub;
  }

  /** Leaves the plain name to the machine's own responder, whose names are never contested. */
  yieldToMachine(): void {
    this.#hub = true;
    this.#suffix = 0;
  }

  /** Takes the next name; false if all are spent. */
  next(): boolean {
    if (this.#suffix >= MAX_SUFFIX) return false;
    this.#suffix += 1;
    return true;
  }

  /** Starts over with the first name. */
  restart(): void {
    this.#suffix = 0;
  }
}
