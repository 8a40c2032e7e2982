import type { Command } from './command.js';
import { accountTable } from './tables/accounts.js';
import { decisionTable } from './tables/decisions.js';
import { hubTable } from './tables/hub.js';
import { serviceTable } from './tables/services.js';
import { thingTable } from './tables/things.js';
import { watchingTable } from './tables/watching.js';

/** Every command of `hearth`, in the order of the help. */
export const tableOfCommands: readonly Command[] = [
  ...hubTable,
  ...thingTable,
  ...decisionTable,
  ...serviceTable,
  ...accountTable,
  ...watchingTable,
];
