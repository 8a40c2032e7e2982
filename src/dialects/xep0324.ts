/**
 * XEP-0324: Internet of Things - Provisioning, version 0.5.1, and the device's side and the tokens of its successors of
 * IEEE P1451.99 and the Neuro-Foundation. Those differ in namespaces, in shorter names, and in how clearCache is
 * acknowledged; services and their users they do not have.
 */
import type { OperationName } from '../domain/command.js';
import { type Generation, generations } from '../domain/generation.js';
import type { Row } from './row.js';
import { canControl } from './xep0324/control.js';
import { befriend, clearCache, isFriend } from './xep0324/friendship.js';
import { canRead } from './xep0324/reading.js';
import { serviceRows } from './xep0324/services.js';
import { answerChallenge, challengeToken, getCertificate, getToken } from './xep0324/tokens.js';

/** The rows of the device's side and of tokens in one generation. */
export function provisioningRows(generation: Generation) {
  return [
    isFriend(generation),
    befriend('friend', generation),
    befriend('unfriend', generation),
    clearCache(generation),
    canRead(generation),
    canControl(generation),
    getToken(generation),
    answerChallenge(generation),
    challengeToken(generation),
    getCertificate(generation),
  ] as const;
}

/** The rows of provisioning in all generations. */
export const xep0324: readonly Row<OperationName>[] = [
  ...generations.flatMap((generation) => provisioningRows(generation) as unknown as Row<OperationName>[]),
  ...(serviceRows as unknown as Row<OperationName>[]),
];
