/** Make a thing that lives with a Hearth hub, or a program for those who own things there. */

export type { Reading, ReadingFailure } from '../dialects/readout-values.js';
export type { Category, Tokens } from '../domain/access.js';
export type { ClaimAnswer, Found, NodePart } from '../domain/command.js';
export { HubError } from '../domain/errors.js';
export type { Generation } from '../domain/generation.js';
export type { NodeAddress } from '../domain/node-address.js';
export type { SearchOperator } from '../domain/search.js';
export type { World } from '../system/world.js';
export { SessionError, type SessionFailure } from './client/session-error.js';
export type { DelegationRequest } from './delegation.js';
export type { ThingEvents } from './events.js';
export { type Login, type LoginOptions, logIn } from './log-in.js';
export type {
  Description,
  Field,
  FieldKind,
  FieldValue,
  NodeName,
  NodeOptions,
  Parameter,
  TagValues,
  ThingOptions,
} from './options.js';
export type { Befriended } from './others/befriending.js';
export type { Behalf } from './others/behalf.js';
export type {
  ControlAnswer,
  ControlOptions,
  ControlValue,
  Others,
  ReadAnswer,
  ReadOptions,
} from './others/others.js';
export type { CertificatePair } from './own-certificate.js';
export type { UpdateOutcome } from './registration.js';
export { type FoundThing, Registry, type SearchTerm, type ThingAddress } from './registry.js';
export { RequestRefused } from './request-refused.js';
export type { Requester } from './requester.js';
export { type PrintedCode, Thing, type ThingPhase } from './thing.js';
