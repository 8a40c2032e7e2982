/** Make a thing that lives with a Hearth hub. */
export type { Generation } from '../domain/generation.js';
export type { World } from '../system/world.js';
export { SessionError, type SessionFailure } from './client/session-error.js';
export type { ThingEvents } from './events.js';
export type { Field, FieldKind, FieldValue, Parameter, ThingOptions } from './options.js';
export { Thing, type ThingPhase } from './thing.js';
