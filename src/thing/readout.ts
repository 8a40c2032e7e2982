import {
  type NodeFailure,
  type NodeReadings,
  type ReadRequest,
  readReq,
  SENSOR_DATA,
  writeFailure,
  writeFields,
  writeState,
} from '../dialects/xep0323.js';
import type { NodePart } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { FieldReading } from '../domain/field.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import { type Element, element } from '../xmpp/element.js';
import type { Context, Handler } from '../xmpp/host.js';
import { NS } from '../xmpp/namespaces.js';
import type { Listeners, ThingEvents } from './events.js';
import type { Guard } from './guard.js';
import { permittedNodes } from './node-request.js';
import type { NodeSet } from './node-set.js';
import type { Field } from './options.js';
import { NO_NODE, nodeOf, type ThingNode } from './thing-node.js';

/** Most readouts that run at once. */
const MOST_RUNNING = 16;

/** What a readout needs of the thing. */
export interface ReadoutParts {
  readonly nodes: NodeSet;
  /** The thing's name in its answers, which have no place for none. */
  readonly name: string;
  readonly guard: Guard;
  readonly events: Listeners<ThingEvents>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The fields of one node that are to be read. */
interface Choice {
  readonly node: ThingNode;
  readonly fields: readonly Field[];
}

/** Lets those who may read the fields of the thing, or of nodes behind it [0323 3]: accepted at once, the values in messages. */
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
    const { nodes, guard, clock } = this.parts;
    const permissions = await permittedNodes(nodes, request.nodes, (node) => {
      const names = fieldsOf(node).map(({ name }) => name);
      return guard.readable(context.peer.jid.bare, node, names);
    });
    if (this.running >= MOST_RUNNING) throw new HubError('too-many-requests');
    this.running++;
    const choices = permissions.map(({ node, names }) => ({
      node,
      fields: fieldsOf(node).filter((field) => names.has(field.name) && isWanted(field, request)),
    }));
    // The request is accepted before the first value leaves.
    clock.after(0, () => void this.run(request.seqnr, choices, context), 'readout');
    return writeState('accepted', request.seqnr);
  }

  private async run(seqnr: string, choices: readonly Choice[], { peer }: Context): Promise<void> {
    const { clock, events, log } = this.parts;
    const say = (payload: Element) =>
      peer.send(element('message', NS.client, { to: peer.jid.full }, payload));
    try {
      const { read, failures } = await this.read(choices);
      const time = clock.now();
      const failed = failures.length > 0;
      if (read.length > 0) say(writeFields(seqnr, time, read, !failed));
      if (failed) say(writeFailure(seqnr, time, failures));
      if (read.length === 0 && !failed) say(writeState('done', seqnr));
      for (const { node, fields } of choices)
        events.emit('read', {
          by: peer.jid.bare,
          fields: fields.map(({ name }) => name),
          ...nodeOf(node),
        });
    } catch (error) {
      log.error('A readout failed.', { by: peer.jid.bare, error: String(error) });
    } finally {
      this.running--;
    }
  }

  private async read(choices: readonly Choice[]) {
    const read: NodeReadings[] = [];
    const failures: NodeFailure[] = [];
    for (const { node, fields } of choices) {
      const name = this.nameOf(node);
      const readings: FieldReading[] = [];
      for (const field of fields) {
        try {
          readings.push(await readField(field));
        } catch (error) {
          const text = `${field.name}: ${error instanceof Error ? error.message : String(error)}`;
          failures.push({ node: name, text });
        }
      }
      if (readings.length > 0) read.push({ node: name, readings });
    }
    return { read, failures };
  }

  private nameOf({ address }: ThingNode): NodePart {
    return address.nodeId === '' ? { ...NO_NODE, nodeId: this.parts.name } : address;
  }
}

function fieldsOf({ description }: ThingNode): readonly Field[] {
  return description.fields ?? [];
}

function isWanted({ name, kind = 'momentary' }: Field, { names, kinds }: ReadRequest): boolean {
  return (names?.has(name) ?? true) && (kinds?.has(kind) ?? true);
}

async function readField(field: Field): Promise<FieldReading> {
  const { name, kind = 'momentary', unit, decimals } = field;
  const value = await field.read();
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('There is no value.');
  return { name, kind, value, unit, decimals };
}
