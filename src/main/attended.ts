import type { Services } from '../dialects/bind.js';
import type { Caller, HubOperation } from '../domain/command.js';

/** Judges the caller of an operation: who he is now. Throws a HubError for one who may not. */
export type Attendant = (operation: HubOperation, caller: Caller) => Caller;

type AnyService = (command: unknown, caller: Caller) => unknown;

/** The services behind one door: none runs before the attendant has let its caller in. */
export function attended(services: Services, attendant: Attendant): Services {
  const rows = Object.entries(services).map(([name, service]) => {
    const run = service as AnyService;
    const behind: AnyService = (command, caller) => run(command, attendant(name as HubOperation, caller));
    return [name, behind] as const;
  });
  return Object.fromEntries(rows) as unknown as Services;
}
