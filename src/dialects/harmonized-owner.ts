/**
 * Provisioning on the owner's side, as IEEE P1451.99 and the Neuro-Foundation have it: questions to owners, their answers
 * and what they do with their devices. Read from the schema ProvisioningOwner of 2024-08-06 and from the one client that
 * speaks it; XEP-0324 has nothing of the kind.
 */
import type { OperationName } from '../domain/command.js';
import { listDevices, ownedDevices } from './harmonized-owner/devices.js';
import { controlQuestion, friendQuestion, readQuestion } from './harmonized-owner/questions.js';
import { controlRule, friendRule, readRule } from './harmonized-owner/rules.js';
import { type HarmonizedGeneration, harmonizedGenerations } from './namespaces.js';
import type { Row } from './row.js';

/** The rows of the owner's side in one generation. */
export function ownerRows(generation: HarmonizedGeneration) {
  return [
    friendQuestion(generation),
    readQuestion(generation),
    controlQuestion(generation),
    friendRule(generation),
    readRule(generation),
    controlRule(generation),
    ownedDevices('clear-device-cache', 'clearCache', generation),
    ownedDevices('delete-rules', 'deleteRules', generation),
    listDevices(generation),
  ] as const;
}

/** The rows of the owner's side in all generations that have one. */
export const harmonizedOwner: readonly Row<OperationName>[] = harmonizedGenerations.flatMap(
  (generation) => ownerRows(generation) as unknown as Row<OperationName>[],
);
