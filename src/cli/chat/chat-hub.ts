import type { AdminOperation } from '../../domain/admin.js';
import type { Perform } from '../../domain/conversation.js';
import { HubError } from '../../domain/errors.js';
import type { AskedHub } from '../shell.js';

/** What an owner asks in a chat of his own things, rules and questions. */
const OF_OWNERS: ReadonlySet<AdminOperation> = new Set<AdminOperation>([
  'things',
  'things-show',
  'claim',
  'pending',
  'allow',
  'deny',
  'rules',
  'rules-add',
  'rules-remove',
  'friends',
  'explain',
  'audit',
]);

/** What is the same for all owners. */
const OF_ALL_OWNERS: ReadonlySet<AdminOperation> = new Set<AdminOperation>(['status', 'search']);

/** The hub as an owner (bare JID) asks it in a chat: in his name, whatever his command says. Refuses with not-allowed. */
export function ownersHub(perform: Perform, owner: string): AskedHub {
  return {
    ask: async (name, request) => {
      if (OF_ALL_OWNERS.has(name)) return perform(name, request);
      if (!OF_OWNERS.has(name)) throw new HubError('not-allowed');
      // What nobody owns yet is shown to all owners: one of them will claim it.
      const unclaimed = name === 'things' && 'unclaimed' in request && request.unclaimed === true;
      return perform(name, unclaimed ? request : { ...request, owner });
    },
  };
}

/** The hub as everybody else asks it: what strangers may know. Refuses with not-allowed. */
export function othersHub(perform: Perform): AskedHub {
  return {
    ask: async (name, request) => {
      if (name === 'status') return perform(name, request);
      if (name === 'things') return perform(name, { ...request, public: true });
      throw new HubError('not-allowed');
    },
  };
}
