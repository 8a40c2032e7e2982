import { discoveryNs } from '../dialects/namespaces.js';
import { rowOf } from '../dialects/table.js';
import { HubError } from '../domain/errors.js';
import type { Clock } from '../system/clock.js';
import type { Log } from '../system/log.js';
import type { Context, Handler } from '../xmpp/host.js';
import type { Answers } from './answers.js';
import type { Friendship } from './friendship.js';
import type { HubService } from './hub-service.js';
import type { Registration } from './registration.js';

/** Who carries out what the hub says. */
export interface PushParts {
  readonly service: HubService;
  readonly registration: Registration;
  readonly friendship: Friendship;
  readonly answers: Answers;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What the hub tells things, in the generation that the thing registered with. It is believed from the addresses only
 * that discovery found: from anybody else an iq is forbidden, a message has no effect [0324 3.5.1].
 */
export function pushHandlers(parts: PushParts): Handler[] {
  return [...registryHandlers(parts), ...provisioningHandlers(parts)];
}

function registryHandlers({ service, registration, answers, clock }: PushParts): Handler[] {
  const claimed = rowOf('claimed', service.generation);
  const ns = discoveryNs[service.generation];
  const handler = (name: string, run: Handler['handle']): Handler => ({
    kind: 'iq',
    types: ['set'],
    ns,
    name,
    handle: (payload, context) => {
      if (!isFrom(context, service.registry)) throw new HubError('forbidden');
      return run(payload, context);
    },
  });
  return [
    handler(claimed.name, (payload) => {
      const { owner, public: isPublic } = claimed.readRequest(payload);
      registration.claimed(owner, isPublic);
      return claimed.writeAnswer(undefined);
    }),
    handler('removed', () => {
      registration.removed();
      return undefined;
    }),
    handler('disowned', async () => {
      await answers.clear();
      registration.disowned();
      // The registry must read the acknowledgement before it reads that the thing is here again [0347 3.10].
      clock.after(0, () => void registration.again(), 'register after disown');
      return undefined;
    }),
  ];
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
