import type { AdminOperation, AdminOperations } from '../domain/admin.js';
import type { Run } from './command.js';
import { exitCode } from './exit-code.js';
import { hubClient } from './hub-client.js';
import type { Invocation } from './invocation.js';
import type { Shell } from './shell.js';

/** How one operation of the administrator looks on the command line. */
interface Answering<Name extends AdminOperation> {
  readonly operation: Name;
  readonly request: (
    invocation: Invocation,
    shell: Shell,
  ) => AdminOperations[Name]['request'] | Promise<AdminOperations[Name]['request']>;
  /** The answer as a person reads it, with its line breaks. */
  readonly show: (answer: AdminOperations[Name]['answer'], shell: Shell) => string;
}

/** A command that asks the hub one thing and shows the answer, as text or with `--json` as it came. */
export function answering<Name extends AdminOperation>({ operation, request, show }: Answering<Name>): Run {
  return async (invocation, shell) => {
    const hub = await hubClient(invocation, shell);
    const answer = await hub.ask(operation, await request(invocation, shell));
    shell.print(invocation.flag('json') ? `${JSON.stringify(answer)}\n` : show(answer, shell));
    return exitCode.ok;
  };
}
