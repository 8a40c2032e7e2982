import { HubError } from '../domain/errors.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import { type Element, element } from '../xmpp/element.js';
import type { Context, Handler } from '../xmpp/host.js';
import { NS } from '../xmpp/namespaces.js';
import type { Listeners, ThingEvents } from './events.js';
import type { Guard } from './guard.js';
import type { Field } from './options.js';
import {
  type FieldReading,
  type ReadRequest,
  readReq,
  SENSOR_DATA,
  writeFailure,
  writeFields,
  writeState,
} from './xep0323.js';

/** Most readouts that run at once. */
const MOST_RUNNING = 16;

/** What a readout needs of the thing. */
export interface ReadoutParts {
  readonly fields: readonly Field[];
  /** The thing's name in its answers, which have no place for none. */
  readonly node: string;
  readonly guard: Guard;
  readonly events: Listeners<ThingEvents>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Lets those who may read the thing's fields [0323 3]: accepted at once, the values in messages. */
export class Readout {
  private readonly parts: ReadoutParts;
  private running = 0;
  /** Takes requests. */
  readonly handler: Handler = {
    kind: 'iq',
    types: ['get', 'set'],
    ns: SENSOR_DATA,
    name: 'req',
    handle: (payload, context) => this.request(readReq(payload), context),
  };

  constructor(parts: ReadoutParts) {
    this.parts = parts;
  }

  private async request(request: ReadRequest, context: Context): Promise<Element> {
    const { fields, guard, clock } = this.parts;
    if (request.nodes.length > 0)
      throw new HubError('item-not-found', 'There are no nodes behind this thing.');
    const wanted = fields.filter(
      ({ name, kind = 'momentary' }) =>
        (request.names?.has(name) ?? true) && (request.kinds?.has(kind) ?? true),
    );
    const names = fields.map(({ name }) => name);
    const allowed = new Set(await guard.readable(context.peer.jid.bare, names));
    if (allowed.size === 0) throw new HubError('forbidden', 'Access denied.');
    if (this.running >= MOST_RUNNING) throw new HubError('too-many-requests');
    this.running++;
    const chosen = wanted.filter(({ name }) => allowed.has(name));
    // The request is accepted before the first value leaves.
    clock.after(0, () => void this.run(request.seqnr, chosen, context), 'readout');
    return writeState('accepted', request.seqnr);
  }

  private async run(seqnr: string, fields: readonly Field[], { peer }: Context): Promise<void> {
    const { node, clock, events, log } = this.parts;
    const say = (payload: Element) =>
      peer.send(element('message', NS.client, { to: peer.jid.full }, payload));
    try {
      const readings: FieldReading[] = [];
      const failures: string[] = [];
      for (const field of fields) {
        try {
          readings.push(await read(field));
        } catch (error) {
          failures.push(`${field.name}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      const time = clock.now();
      const failed = failures.length > 0;
      if (readings.length > 0) say(writeFields(seqnr, node, time, readings, !failed));
      if (failed) say(writeFailure(seqnr, node, time, failures));
      if (readings.length === 0 && !failed) say(writeState('done', seqnr));
      events.emit('read', { by: peer.jid.bare, fields: fields.map(({ name }) => name) });
    } catch (error) {
      log.error('A readout failed.', { by: peer.jid.bare, error: String(error) });
    } finally {
      this.running--;
    }
  }
}

async function read({
  name,
  kind = 'momentary',
  unit,
  decimals,
  read: readNow,
}: Field): Promise<FieldReading> {
  const value = await readNow();
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('There is no value.');
  return { name, kind, value, unit, decimals };
}
