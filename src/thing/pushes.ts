import { rowOf } from '../dialects/table.js';
import type { NodePart, Operations } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { Log } from '../system/log.js';
import type { Context, Handler } from '../xmpp/host.js';
import type { Answers } from './answers.js';
import type { Friendship } from './friendship.js';
import type { HubService } from './hub-service.js';
import type { Registration } from './registration.js';
import type { Registrations } from './registrations.js';

/** Who carries out what the hub says. */
export interface PushParts {
  readonly service: HubService;
  readonly registrations: Registrations;
  readonly friendship: Friendship;
  readonly answers: Answers;
  readonly log: Log;
}

/**
 * What the hub tells things, in the generation that the thing registered with. It is believed from the addresses only
 * that discovery found: from anybody else an iq is forbidden, a message has no effect [0324 3.5.1].
 */
export function pushHandlers(parts: PushParts): Handler[] {
  return [...registryHandlers(parts), ...provisioningHandlers(parts)];
}

/** A notice of the registry about the thing, or about a node behind it. */
type RegistryNotice = 'claimed' | 'removed' | 'disowned';

function registryHandlers({ service, registrations }: PushParts): Handler[] {
  const handler = <Name extends RegistryNotice>(
    operation: Name,
    run: (registration: Registration, command: Operations[Name]['command']) => void | Promise<void>,
  ): Handler => {
    const row = rowOf(operation, service.generation);
    return {
      kind: 'iq',
      types: ['set'],
      ns: row.ns,
      name: row.name,
      handle: async (payload, context) => {
        if (!isFrom(context, service.registry)) throw new HubError('forbidden');
        const command = row.readRequest(payload);
        await run(registrationAt(registrations, command.node), command);
        return row.writeAnswer(undefined);
      },
    };
  };
  return [
    handler('claimed', (registration, command) => registration.claimed(command.owner, command.public)),
    handler('removed', (registration) => registration.removed()),
    handler('disowned', (registration) => registration.disowned()),
  ];
}

function registrationAt(registrations: Registrations, node: NodePart): Registration {
  const registration = registrations.at(node);
  if (registration === undefined) throw new HubError('item-not-found', 'There is no such thing here.');
  return registration;
}

function provisioningHandlers({ service, friendship, answers, log }: PushParts): Handler[] {
  const clear = rowOf('clear-cache', service.generation);
  const message = (operation: 'friend' | 'unfriend', run: (jid: string) => void | Promise<void>): Handler => {
    const row = rowOf(operation, service.generation);
    return {
      kind: 'message',
      types: [],
      ns: row.ns,
      name: row.name,
      handle: async (payload, context) => {
        if (isFrom(context, service.provisioning)) await run(row.readRequest(payload).jid);
        else log.warn('Somebody who is not the hub spoke in its name.', { from: context.peer.jid.full });
        return undefined;
      },
    };
  };
  return [
    {
      kind: 'iq',
      types: ['set'],
      ns: clear.ns,
      name: clear.name,
      handle: async (_payload, context) => {
        if (!isFrom(context, service.provisioning)) throw new HubError('forbidden');
        await answers.clear();
        return clear.writeAnswer(undefined);
      },
    },
    message('friend', (jid) => friendship.recommend(jid)),
    message('unfriend', (jid) => friendship.end(jid)),
  ];
}

function isFrom(context: Context, address: string | undefined): boolean {
  return context.peer.jid.full === address;
}
