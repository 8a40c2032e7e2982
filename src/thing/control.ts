import { HubError } from '../domain/errors.js';
import type { Log } from '../system/log.js';
import type { Element } from '../xmpp/element.js';
import type { Context, Handler } from '../xmpp/host.js';
import type { Listeners, ThingEvents } from './events.js';
import type { Guard } from './guard.js';
import type { Parameter } from './options.js';
import {
  CONTROL,
  paramError,
  readSet,
  type Setting,
  settingValue,
  writeForm,
  writeSetResponse,
} from './xep0325.js';

/** What control needs of the thing. */
export interface ControlParts {
  readonly parameters: readonly Parameter[];
  /** What the form is called. */
  readonly title: string;
  readonly guard: Guard;
  readonly events: Listeners<ThingEvents>;
  readonly log: Log;
}

/** Lets those who may set the thing's parameters [0325 3]. All values are checked before the first is set. */
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
      handle: (_payload, context) => this.form(context),
    },
  ];

  constructor(parts: ControlParts) {
    this.parts = parts;
  }

  private async set(payload: Element, { peer }: Context): Promise<void> {
    const { settings, nodes } = readSet(payload);
    if (nodes.length > 0) throw new HubError('item-not-found', 'There are no nodes behind this thing.');
    const names = settings.map(({ name }) => name);
    await this.checkAllowed(peer.jid.bare, names);
    const actions = settings.map((setting) => this.actionOf(setting));
    for (const action of actions) await action();
    this.parts.events.emit('control', { by: peer.jid.bare, parameters: names });
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

  private async form({ peer }: Context): Promise<Element> {
    const { parameters, title, guard } = this.parts;
    const names = parameters.map(({ name }) => name);
    const allowed = new Set(await guard.controllable(peer.jid.bare, names));
    if (allowed.size === 0) throw new HubError('forbidden', 'Access denied.');
    const shown: [Parameter, string][] = [];
    for (const parameter of parameters) {
      if (allowed.has(parameter.name)) shown.push([parameter, String(await parameter.get())]);
    }
    return writeForm(title, shown);
  }

  /** A stranger learns nothing of the parameters, not even which there are. */
  private async checkAllowed(caller: string, names: readonly string[]): Promise<void> {
    const allowed = new Set(await this.parts.guard.controllable(caller, names));
    if (!names.every((name) => allowed.has(name))) throw new HubError('forbidden', 'Access denied.');
  }

  private actionOf(setting: Setting): () => void | Promise<void> {
    const parameter = this.parts.parameters.find(({ name }) => name === setting.name);
    if (parameter === undefined) throw paramError(setting.name, 'There is no such parameter.');
    const value = settingValue(setting, parameter);
    const set = parameter.set.bind(parameter) as (value: boolean | number | string) => void | Promise<void>;
    return () => set(value);
  }
}
