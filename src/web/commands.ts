import type { AdminOperation } from '../domain/admin.js';
import type { Commands } from './command.js';
import { accountCommands } from './commands/accounts.js';
import { deviceCommands } from './commands/devices.js';
import { explainCommands } from './commands/explain.js';
import { friendCommands } from './commands/friends.js';
import { hubCommands } from './commands/hub.js';
import { privilegeCommands } from './commands/privileges.js';
import { questionCommands } from './commands/questions.js';
import { registryCommands } from './commands/registry.js';
import { ruleCommands } from './commands/rules.js';
import { serviceCommands } from './commands/services.js';
import { thingCommands } from './commands/things.js';
import { tokenCommands } from './commands/tokens.js';
import { trustCommands } from './commands/trust.js';

/** Everything that the administrator can ask of a running hub. */
export const commands: Commands<AdminOperation> = {
  ...hubCommands,
  ...thingCommands,
  ...trustCommands,
  ...registryCommands,
  ...questionCommands,
  ...ruleCommands,
  ...friendCommands,
  ...explainCommands,
  ...deviceCommands,
  ...tokenCommands,
  ...serviceCommands,
  ...privilegeCommands,
  ...accountCommands,
};
