import { formatAddress } from '../domain/node-address.js';
import { printable } from '../system/printable.js';
import type { ThingEvents } from '../thing/events.js';
import type { PrintedCode, Thing } from '../thing/thing.js';
import { qrCode } from './qr.js';
import type { Shell } from './shell.js';

/** How a simulated thing is reported. */
export interface Reporting {
  /** The word that it was started with. */
  readonly kind: string;
  readonly selfOwned: boolean;
  /** It goes without a server. */
  readonly linkLocal: boolean;
  /** One JSON object for each event. */
  readonly json: boolean;
}

/** Tells what happens to a simulated thing, each event as a line, and its claim codes. */
export class ThingReporter {
  private readonly thing: Thing;
  private readonly how: Reporting;
  private readonly shell: Shell;
  /** Claim codes that were shown already. */
  private readonly shown = new Set<string>();
  /** What somebody owns, by the names of events: its code is of no use to anybody. */
  private readonly owned = new Set<string>();
  private introduced = false;

  constructor(thing: Thing, how: Reporting, shell: Shell) {
    this.thing = thing;
    this.how = how;
    this.shell = shell;
  }

  /** Tells every event from now on. */
  listen(): void {
    const way = this.how.linkLocal ? ', without a server' : '';
    this.on('connected', ({ jid, hub }) => `connected to ${hub} as ${jid}${way}`);
    this.on('disconnected', ({ reason }) => `disconnected: ${reason}`);
    this.on(
      'trouble',
      ({ error, retryIn }) => `${error.message} Next try in ${Math.ceil(retryIn / 1000)} s.`,
    );
    this.on(
      'claimed',
      (event) => `owned by ${event.owner}${event.public ? '' : ', not to be found by others'}`,
    );
    this.on('disowned', () => 'nobody owns it any more');
    this.on('removed', () => 'taken out of the registry');
    this.on('friend', ({ jid, accepted }) =>
      accepted ? `${jid} is a friend now` : `${jid} wanted to be a friend; the hub said no`,
    );
    this.on('unfriend', ({ jid }) => `${jid} is no friend any more`);
    this.on('read', ({ by, fields }) => `${by} reads ${fields.join(', ')}`);
    this.on('control', ({ by, parameters }) => `${by} sets ${parameters.join(', ')}`);
    this.thing.on('claimed', (event) => this.owned.add(this.nameOf(event)));
    this.thing.on('claimable', (event) => {
      this.owned.delete(this.nameOf(event));
      if (this.introduced) void this.showCodes();
    });
  }

  /** The claim codes, to be scanned or typed. A thing that was given up shows its new one by itself. */
  async introduce(): Promise<void> {
    const { thing, how, shell } = this;
    this.introduced = true;
    if (how.json) {
      const { jid, claimCode = '', claimCodes } = thing;
      for (const code of claimCodes) this.shown.add(code.claimCode);
      const nodes = claimCodes.filter(({ node }) => node !== undefined);
      const ready = { event: 'ready', kind: how.kind, jid, claimCode };
      shell.print(`${JSON.stringify(nodes.length > 0 ? { ...ready, nodes } : ready)}\n`);
      return;
    }
    if (how.selfOwned) shell.print(`${how.kind}: belongs to itself; everybody finds it, nobody claims it\n`);
    await this.showCodes();
  }

  private async showCodes(): Promise<void> {
    for (const code of this.thing.claimCodes) {
      if (this.shown.has(code.claimCode) || this.owned.has(this.nameOf(code))) continue;
      this.shown.add(code.claimCode);
      const { kind: _kind, ...details } = code;
      if (this.how.json) this.say('claimable', details);
      else await this.draw(code);
    }
  }

  private async draw(code: PrintedCode): Promise<void> {
    const { claimCode } = code;
    const name = this.nameOf(code);
    const qr = await qrCode(claimCode, this.shell.interactive);
    const command = `hearth claim '${claimCode.replaceAll("'", "'\\''")}'`;
    this.shell.print(`${name}: its claim code\n${qr}\nClaim it with: ${command}\n`);
  }

  private on<Name extends keyof ThingEvents>(
    name: Name,
    sentence: (event: ThingEvents[Name]) => string,
  ): void {
    this.thing.on(name, (event) => {
      if (this.how.json) this.say(name, event);
      else this.shell.print(`${this.nameOf(event)}: ${printable(sentence(event))}\n`);
    });
  }

  private say(event: string, details: object): void {
    const line = { event, kind: this.how.kind, ...details };
    this.shell.print(`${JSON.stringify(line, plain)}\n`);
  }

  /** What an event is about: `concentrator#cupboard/lamp-1`, or the thing itself. */
  private nameOf(event: object): string {
    const { kind } = this.how;
    const { node } = event as Pick<PrintedCode, 'node'>;
    return node === undefined ? kind : printable(formatAddress({ jid: kind, ...node }));
  }
}

/** Errors as their texts, which JSON leaves out. */
function plain(_name: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value;
}
