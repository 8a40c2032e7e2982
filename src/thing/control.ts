import { readTokens } from '../dialects/caller-tokens.js';
import {
  CONTROL,
  readGetForm,
  readSet,
  type SetResponse,
  type Setting,
  writeForm,
  writeSetResponse,
} from '../dialects/xep0325.js';
import { HubError } from '../domain/errors.js';
import type { Log } from '../system/log.js';
import type { Element } from '../xmpp/element.js';
import type { Context, Handler } from '../xmpp/host.js';
import type { Listeners, ThingEvents } from './events.js';
import type { Guard } from './guard.js';
import { type Granted, grantedNodes } from './node-request.js';
import type { NodeSet } from './node-set.js';
import type { Parameter } from './options.js';
import { parameterRefused, parameterValue } from './parameter-value.js';
import type { Requester } from './requester.js';
import { nodeOf, type ThingNode } from './thing-node.js';

/** What control needs of the thing. */
export interface ControlParts {
  readonly nodes: NodeSet;
  readonly guard: Guard;
  readonly events: Listeners<ThingEvents>;
  readonly log: Log;
}

/**
 * Lets those who may set the parameters of the thing, or of nodes behind it [0325 3]. All values are checked before the
 * first is set.
 */
export class Control {
  private readonly parts: ControlParts;
  /** Take control commands and requests for the form. */
  readonly handlers: readonly Handler[] = [
    {
      kind: 'iq',
      types: ['set', 'get'],
      ns: CONTROL,
      name: 'set',
      handle: async (payload, context) => writeSetResponse(await this.set(payload, context)),
    },
    {
      kind: 'message',
      types: [],
      ns: CONTROL,
      name: 'set',
      handle: (payload, context) => this.setQuietly(payload, context),
    },
    {
      kind: 'iq',
      types: ['get'],
      ns: CONTROL,
      name: 'getForm',
      handle: (payload, context) => this.form(payload, context),
    },
  ];

  constructor(parts: ControlParts) {
    this.parts = parts;
  }

  /** Does what is allowed of a command, and says what that was where it is not all [0324 3.4.2, 3.4.3]. */
  private async set(payload: Element, { peer }: Context): Promise<SetResponse> {
    const { settings, nodes: named, tokens } = readSet(payload);
    const { nodes: all, guard, events } = this.parts;
    const requester = { jid: peer.jid.full, tokens };
    const names = [...new Set(settings.map(({ name }) => name))];
    const granted = await grantedNodes(all, named, { guard, requester }, (nodes) =>
      guard.controllable(requester, { nodes, names, categories: [] }),
    );
    const part = largestPart(granted, names);
    const wanted = settings.filter(({ name }) => part.names.includes(name));
    const actions = part.nodes.flatMap((node) => wanted.map((setting) => actionOf(node, setting, requester)));
    for (const action of actions) await action();
    for (const node of part.nodes)
      events.emit('control', { by: peer.jid.bare, parameters: part.names, ...nodeOf(node) });
    return {
      nodes: part.nodes.length < granted.nodes.length ? part.nodes.map(({ address }) => address) : [],
      parameters: part.names.length < names.length ? part.names : [],
    };
  }

  /** A command in a message is never answered [0325 3.1.1]. */
  private async setQuietly(payload: Element, context: Context): Promise<undefined> {
    try {
      await this.set(payload, context);
    } catch (error) {
      this.parts.log.info('A control command was refused.', {
        from: context.peer.jid.full,
        error: String(error),
      });
    }
    return undefined;
  }

  private async form(payload: Element, { peer }: Context): Promise<Element> {
    const named = readGetForm(payload);
    if (named.length > 1) throw new HubError('bad-request', 'A form is of one node at a time.');
    const { nodes: all, guard } = this.parts;
    const requester = { jid: peer.jid.full, tokens: readTokens(payload) };
    const granted = await grantedNodes(all, named, { guard, requester }, (nodes) =>
      guard.controllable(requester, { nodes, names: [], categories: [] }),
    );
    return formOf(granted, requester);
  }
}

async function formOf({ nodes, grants }: Granted, requester: Requester): Promise<Element> {
  const [node, ...more] = nodes;
  if (node === undefined || more.length > 0)
    throw new HubError('bad-request', 'A form is of one node: name its source too.');
  const shown: [Parameter, string][] = [];
  for (const parameter of parametersOf(node)) {
    const isAllowed = grants.some(({ names }) => names?.has(parameter.name) ?? true);
    if (isAllowed) shown.push([parameter, String(await parameter.get(requester))]);
  }
  return writeForm(node.description.kind, shown);
}

/** Nodes that all let the same parameters be set. */
interface Part {
  readonly nodes: readonly ThingNode[];
  readonly names: readonly string[];
}

/**
 * What of a command is carried out: the answer can only tell some parameters of some nodes, each of these of each of
 * those, so it is the largest such part of what is allowed.
 */
function largestPart({ nodes, grants }: Granted, wanted: readonly string[]): Part {
  const allowed = nodes.map((node) => {
    const own = grants.filter((grant) => grant.nodes.has(node));
    return { node, names: wanted.filter((name) => own.some((grant) => grant.names?.has(name) ?? true)) };
  });
  const parts = allowed.map(({ names }) => ({
    names,
    nodes: allowed
      .filter((other) => names.every((name) => other.names.includes(name)))
      .map(({ node }) => node),
  }));
  const size = (part: Part) => part.nodes.length * part.names.length;
  const [largest] = parts.sort((a, b) => size(b) - size(a));
  // A stranger learns nothing of the parameters, not even which there are.
  if (largest === undefined || size(largest) === 0) throw new HubError('forbidden', 'Access denied.');
  return largest;
}

function parametersOf({ description }: ThingNode): readonly Parameter[] {
  return description.parameters ?? [];
}

type Setter = (value: boolean | number | string, requester: Requester) => void | Promise<void>;

function actionOf(node: ThingNode, setting: Setting, requester: Requester): () => void | Promise<void> {
  const parameter = parametersOf(node).find(({ name }) => name === setting.name);
  if (parameter === undefined) throw parameterRefused(setting.name, 'There is no such parameter.');
  const value = parameterValue(setting, parameter);
  const set = parameter.set.bind(parameter) as Setter;
  return () => set(value, requester);
}
