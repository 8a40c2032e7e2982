import type { AdminOperation, AdminOperations } from '../domain/admin.js';
import { printable } from '../system/printable.js';
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
  /** What a person reads on standard error while the hub takes its time. */
  readonly waiting?: (invocation: Invocation) => string;
  /** The answer as a person reads it, with its line breaks. */
  readonly show: (answer: AdminOperations[Name]['answer'], shell: Shell, invocation: Invocation) => string;
}

/** A command that asks the hub one thing and shows the answer, as text or with `--json` as it came. */
export function answering<Name extends AdminOperation>(row: Answering<Name>): Run {
  const { operation, request, waiting, show } = row;
  return async (invocation, shell) => {
    const asked = await request(invocation, shell);
    const hub = await hubClient(invocation, shell);
    const json = invocation.flag('json');
    if (waiting !== undefined && !json) shell.complain(printable(waiting(invocation)));
    const answer = await hub.ask(operation, asked);
    shell.print(json ? `${JSON.stringify(answer)}\n` : show(answer, shell, invocation));
    return exitCode.ok;
  };
}
