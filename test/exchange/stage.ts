import type { AdminOperation, AdminOperations } from '../../src/domain/admin.js';
import type { Role } from './role.js';

/** Where a story is played: the same story runs in memory and over real sockets. */
export interface Stage {
  /** The XMPP domain of the hub. */
  readonly domain: string;
  /** The address of registry and provisioning, as things know it. */
  readonly hub: string;
  /** Somebody with a connection of his own. */
  actor(name: string): Role;
  /** Asks the hub as the machine's administrator. */
  admin<Name extends AdminOperation>(
    name: Name,
    request: AdminOperations[Name]['request'],
  ): Promise<AdminOperations[Name]['answer']>;
  /** The hub ends, as roughly as the stage can make it, and starts again with the same data. */
  restart(): Promise<void>;
  /** Ends everything. */
  close(): Promise<void>;
}
