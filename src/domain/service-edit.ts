import type { PrivilegeEntry } from './service-commands.js';

/** What an owner changes about a service. Places in lists are counted from 1. */
export type ServiceEdit =
  /** Names it; a service that the hub does not know is known from then on. */
  | { readonly kind: 'name'; readonly name: string }
  /** Adds a rule of access, at a place or as the last; conditions as texts such as `ip=10.0.0.0/8`. */
  | {
      readonly kind: 'add-rule';
      readonly allow: boolean;
      readonly conditions: readonly string[];
      readonly at?: number;
    }
  | { readonly kind: 'remove-rule'; readonly id: string }
  | { readonly kind: 'move-rule'; readonly id: string; readonly at: number }
  /** The privileges of users who have not logged in. */
  | { readonly kind: 'set-defaults'; readonly entries: readonly PrivilegeEntry[] }
  /** Makes a role, or gives it another list. */
  | { readonly kind: 'set-role'; readonly role: string; readonly entries: readonly PrivilegeEntry[] }
  /** Only a role that nobody has: without its list its users could do more than before. */
  | { readonly kind: 'remove-role'; readonly role: string }
  /** Makes a user, or gives him other roles and another list. */
  | {
      readonly kind: 'set-user';
      readonly user: string;
      readonly roles: readonly string[];
      readonly entries: readonly PrivilegeEntry[];
    }
  /** His user tokens end too. */
  | { readonly kind: 'remove-user'; readonly user: string }
  /** Forgets which privileges the service asked about; granted ones stay so. */
  | { readonly kind: 'forget-privileges' }
  /** Forgets the service with all that it has, and ends its user tokens. */
  | { readonly kind: 'forget' };
