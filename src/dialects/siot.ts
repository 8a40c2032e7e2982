/**
 * Simple Internet of Things, ProtoXEP version 0.0.1. It knows neither nodes behind a concentrator nor public things, is
 * silent on what a claimed thing hears that registers again, and says of no friend with which thing.
 */
import type { OperationName } from '../domain/command.js';
import type { Row } from './row.js';
import { friendRows } from './siot/friends.js';
import { ownerRows } from './siot/owner.js';
import { registrationRows } from './siot/registration.js';

/** The rows of Simple IoT. */
export const siot: readonly Row<OperationName>[] = [
  ...registrationRows,
  ...friendRows,
  ...ownerRows,
] as unknown as Row<OperationName>[];
