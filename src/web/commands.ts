import type { AdminOperation } from '../domain/admin.js';
import type { Commands } from './command.js';
import { accountCommands } from './commands/accounts.js';
import { hubCommands } from './commands/hub.js';
import { provisioningCommands } from './commands/provisioning.js';
import { registryCommands } from './commands/registry.js';
import { thingCommands } from './commands/things.js';

/** Everything that the administrator can ask of a running hub. */
export const commands: Commands<AdminOperation> = {
  ...hubCommands,
  ...thingCommands,
  ...registryCommands,
  ...provisioningCommands,
  ...accountCommands,
};
