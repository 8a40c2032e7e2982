import type { AdminOperation, AdminOperations } from '../domain/admin.js';
import type { Admin } from './admin.js';
import { Arguments } from './arguments.js';
import { commands } from './commands.js';

/** Checks a request of the administrator and answers it. Refuses with bad-request what does not fit. */
export async function perform<Name extends AdminOperation>(
  admin: Admin,
  name: Name,
  request: unknown,
): Promise<AdminOperations[Name]['answer']> {
  const body = request instanceof Arguments ? request : new Arguments(request);
  const command = commands[name];
  const checked = command.read(body);
  body.end();
  return command.run(admin, checked);
}
