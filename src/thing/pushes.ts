import { rowOf } from '../dialects/table.js';
import type { NodePart, Operations } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import { type Generation, generations } from '../domain/generation.js';
import type { Log } from '../system/log.js';
import type { Handler } from '../xmpp/host.js';
import type { Answers } from './answers.js';
import type { Authorities } from './authorities.js';
import type { Friendship } from './friendship.js';
import type { HubService } from './hub-service.js';
import type { Registration } from './registration.js';
import type { Registrations } from './registrations.js';

/** Who carries out what the registry says. */
export interface NoticeParts {
  readonly service: HubService;
  readonly registrations: Registrations;
}

/** Who carries out what provisioning servers say. */
export interface PushParts {
  readonly friendship: Friendship;
  readonly authorities: Authorities;
  readonly answers: Answers;
  readonly log: Log;
}

/** A notice of the registry about the thing, or about a node behind it. */
type RegistryNotice = 'claimed' | 'removed' | 'disowned';

/**
 * What the registry tells things, in the generation that the thing registered with. It is believed from its own address
 * only: anybody else hears forbidden.
 */
export function registryHandlers({ service, registrations }: NoticeParts): Handler[] {
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
      handle: async (payload, { peer }) => {
        if (peer.jid.full !== service.registry) throw new HubError('forbidden');
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

/**
 * What provisioning servers that the thing trusts tell it, each in its own generation. They are believed from their own
 * addresses only: from anybody else an iq is forbidden, a message has no effect [0324 3.2.3, 3.5.1].
 */
export function provisioningHandlers(parts: PushParts): Handler[] {
  return generations.flatMap((generation) => [
    clearCache(generation, parts),
    friendshipMessage('friend', generation, parts, (jid) => parts.friendship.recommend(jid)),
    friendshipMessage('unfriend', generation, parts, (jid) => parts.friendship.end(jid)),
  ]);
}

/** All answers go, whatever node is named: what else changed is not said [0324 3.5.1]. */
function clearCache(generation: Generation, { authorities, answers }: PushParts): Handler {
  const row = rowOf('clear-cache', generation);
  return {
    kind: 'iq',
    types: ['set'],
    ns: row.ns,
    name: row.name,
    handle: async (_payload, { peer }) => {
      if (!authorities.speaks(peer.jid)) throw new HubError('forbidden');
      await answers.clear();
      return row.writeAnswer(undefined);
    },
  };
}

function friendshipMessage(
  operation: 'friend' | 'unfriend',
  generation: Generation,
  { authorities, log }: PushParts,
  run: (jid: string) => void | Promise<void>,
): Handler {
  const row = rowOf(operation, generation);
  return {
    kind: 'message',
    types: [],
    ns: row.ns,
    name: row.name,
    handle: async (payload, { peer }) => {
      if (authorities.speaks(peer.jid)) await run(row.readRequest(payload).jid);
      else log.warn('Somebody who is not the hub spoke in its name.', { from: peer.jid.full });
      return undefined;
    },
  };
}
