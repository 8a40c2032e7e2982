/** How many connections there may be, before and after login. */
export interface AdmissionLimits {
  /** Not logged in yet, in all. */
  readonly waiting: number;
  /** Not logged in yet, from one address. */
  readonly waitingPerAddress: number;
  /** Logged in, in all. */
  readonly loggedIn: number;
  /** Logged in, from one address. */
  readonly loggedInPerAddress: number;
}

interface Count {
  waiting: number;
  loggedIn: number;
}

/** Counts connections, so that a few peers cannot take the places of all others. */
export class Admission {
  private readonly limits: AdmissionLimits;
  private readonly byAddress = new Map<string, Count>();
  private readonly total: Count = { waiting: 0, loggedIn: 0 };

  constructor(limits: AdmissionLimits) {
    this.limits = limits;
  }

  /** How many connections are not logged in yet. */
  get waiting(): number {
    return this.total.waiting;
  }

  /** A connection came. Whether there is room for it; it counts only then. */
  enter(address: string): boolean {
    const count = this.byAddress.get(address) ?? { waiting: 0, loggedIn: 0 };
    if (this.total.waiting >= this.limits.waiting || count.waiting >= this.limits.waitingPerAddress)
      return false;
    count.waiting++;
    this.total.waiting++;
    this.byAddress.set(address, count);
    return true;
  }

  /** A connection that entered logged in. Whether there is room for it; it goes on counting as waiting if not. */
  promote(address: string): boolean {
    const count = this.byAddress.get(address);
    if (count === undefined || this.total.loggedIn >= this.limits.loggedIn) return false;
    if (count.loggedIn >= this.limits.loggedInPerAddress) return false;
    count.waiting--;
    this.total.waiting--;
    count.loggedIn++;
    this.total.loggedIn++;
    return true;
  }

  /** A connection that entered ended. */
  leave(address: string, loggedIn: boolean): void {
    const count = this.byAddress.get(address);
    if (count === undefined) return;
    const kind = loggedIn ? 'loggedIn' : 'waiting';
    count[kind]--;
    this.total[kind]--;
    if (count.waiting === 0 && count.loggedIn === 0) this.byAddress.delete(address);
  }
}
