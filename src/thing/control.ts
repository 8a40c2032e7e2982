import {
  CONTROL,
  readGetForm,
  readSet,
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
import { type Permission, permittedNodes } from './node-request.js';
import type { NodeSet } from './node-set.js';
import type { Parameter } from './options.js';
import { parameterRefused, parameterValue } from './parameter-value.js';
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
      handle: async (payload, context) => {
        await this.set(payload, context);
        return writeSetResponse();
      },
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

  private async set(payload: Element, { peer }: Context): Promise<void> {
    const { settings, nodes } = readSet(payload);
    const by = peer.jid.bare;
    const names = settings.map(({ name }) => name);
    const permissions = await permittedNodes(this.parts.nodes, nodes, (node) =>
      this.parts.guard.controllable(by, node, names),
    );
    // A stranger learns nothing of the parameters, not even which there are.
    if (!permissions.every(({ names: allowed }) => names.every((name) => allowed.has(name))))
      throw new HubError('forbidden', 'Access denied.');
    const actions = permissions.flatMap(({ node }) => settings.map((setting) => actionOf(node, setting)));
    for (const action of actions) await action();
    for (const { node } of permissions)
      this.parts.events.emit('control', { by, parameters: names, ...nodeOf(node) });
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
    const [permission] = await permittedNodes(this.parts.nodes, named, (node) => {
      const names = parametersOf(node).map(({ name }) => name);
      return this.parts.guard.controllable(peer.jid.bare, node, names);
    });
    return formOf(permission);
  }
}

async function formOf(permission: Permission | undefined): Promise<Element> {
  if (permission === undefined) throw new HubError('forbidden', 'Access denied.');
  const { node, names } = permission;
  const shown: [Parameter, string][] = [];
  for (const parameter of parametersOf(node)) {
    if (names.has(parameter.name)) shown.push([parameter, String(await parameter.get())]);
  }
  return writeForm(node.description.kind, shown);
}

function parametersOf({ description }: ThingNode): readonly Parameter[] {
  return description.parameters ?? [];
}

function actionOf(node: ThingNode, setting: Setting): () => void | Promise<void> {
  const parameter = parametersOf(node).find(({ name }) => name === setting.name);
  if (parameter === undefined) throw parameterRefused(setting.name, 'There is no such parameter.');
  const value = parameterValue(setting, parameter);
  const set = parameter.set.bind(parameter) as (value: boolean | number | string) => void | Promise<void>;
  return () => set(value);
}
