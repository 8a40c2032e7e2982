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
import { type Category, categories } from '../domain/access.js';
import type { NodePart } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { FieldReading } from '../domain/field.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import { type Element, element } from '../xmpp/element.js';
import type { Context, Handler } from '../xmpp/host.js';
import { NS } from '../xmpp/namespaces.js';
import type { Listeners, ThingEvents } from './events.js';
import type { Grant, Guard } from './guard.js';
import { grantedNodes } from './node-request.js';
import type { NodeSet } from './node-set.js';
import type { Field } from './options.js';
import type { Requester } from './requester.js';
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
    const { nodes: all, guard, clock } = this.parts;
    const requester: Requester = { jid: context.peer.jid.full, tokens: request.tokens };
    const wish = { names: [...(request.names ?? [])], categories: wantedCategories(request) };
    const { nodes, grants } = await grantedNodes(all, request.nodes, { guard, requester }, (meant) =>
      guard.readable(requester, { ...wish, nodes: meant }),
    );
    if (this.running >= MOST_RUNNING) throw new HubError('too-many-requests');
    this.running++;
    const choices = nodes.flatMap((node) => choiceOf(node, request, grants));
    // The request is accepted before the first value leaves.
    const run = () => void this.run(request.seqnr, choices, requester, context);
    clock.after(0, run, 'readout');
    return writeState('accepted', request.seqnr);
  }

  private async run(
    seqnr: string,
    choices: readonly Choice[],
    requester: Requester,
    { peer }: Context,
  ): Promise<void> {
    const { clock, events, log } = this.parts;
    const say = (payload: Element) =>
      peer.send(element('message', NS.client, { to: peer.jid.full }, payload));
    try {
      const { read, failures } = await this.read(choices, requester);
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

  private async read(choices: readonly Choice[], requester: Requester) {
    const read: NodeReadings[] = [];
    const failures: NodeFailure[] = [];
    for (const { node, fields } of choices) {
      const name = this.nameOf(node);
      const readings: FieldReading[] = [];
      for (const field of fields) {
        try {
          readings.push(await readField(field, requester));
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

/** The categories that are asked about: those of the request, all where it names none. */
function wantedCategories({ categories: named }: ReadRequest): readonly Category[] {
  return named.length === 0 ? categories : named;
}

/** What is wanted and allowed of a node; nothing where nothing of it is allowed: it is passed over [0324 3.3.2]. */
function choiceOf(node: ThingNode, request: ReadRequest, grants: readonly Grant[]): readonly Choice[] {
  const own = grants.filter(({ nodes }) => nodes.has(node));
  if (own.length === 0) return [];
  const isAllowed = ({ name, kind = 'momentary' }: Field) =>
    own.some(({ names, categories: kinds }) => (names?.has(name) ?? true) && (kinds?.has(kind) ?? true));
  return [{ node, fields: fieldsOf(node).filter((field) => isWanted(field, request) && isAllowed(field)) }];
}

function isWanted({ name, kind = 'momentary' }: Field, { names, kinds }: ReadRequest): boolean {
  return (names?.has(name) ?? true) && (kinds?.has(kind) ?? true);
}

async function readField(field: Field, requester: Requester): Promise<FieldReading> {
  const { name, kind = 'momentary', unit, decimals } = field;
  const value = await field.read(requester);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('There is no value.');
  return { name, kind, value, unit, decimals };
}
