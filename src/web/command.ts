import type { AdminOperation, AdminOperations } from '../domain/admin.js';
import type { Admin } from './admin.js';
import type { Arguments } from './arguments.js';

/** One operation: how its arguments are read, and what answers it. */
export interface Command<Name extends AdminOperation> {
  /** Refuses with bad-request. */
  readonly read: (body: Arguments) => AdminOperations[Name]['request'];
  readonly run: (
    admin: Admin,
    request: AdminOperations[Name]['request'],
  ) => AdminOperations[Name]['answer'] | Promise<AdminOperations[Name]['answer']>;
}

/** Some of the operations, all of one topic. */
export type Commands<Names extends AdminOperation> = { readonly [Name in Names]: Command<Name> };
