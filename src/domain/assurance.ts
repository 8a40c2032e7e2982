import type { Assurance, Caller, HubOperation } from './command.js';
import { HubError } from './errors.js';

/** What the operations of the hub ask of those who speak on the link. */
export interface LinkRight {
  /** What it is, for the documentation. */
  readonly means: string;
  /** Whether one known by name alone may: `unclaimed` is while nobody owns the thing. */
  readonly unverified: 'always' | 'unclaimed' | 'never';
  /** Whether one who shows the certificate that his name is pinned to may; what he may not needs an account. */
  readonly pinned: boolean;
}

const asThing = (means: string) => ({ means, unverified: 'always', pinned: true }) as const;
const whileUnclaimed = (means: string) => ({ means, unverified: 'unclaimed', pinned: true }) as const;
const withCertificate = (means: string) => ({ means, unverified: 'never', pinned: true }) as const;
const withAccount = (means: string) => ({ means, unverified: 'never', pinned: false }) as const;

/**
 * What a peer on the link (XEP-0174) may do, by operation. A name there proves nothing: whoever has no pin registers and
 * asks, as a thing must, and gets no owner's rights. A pinned one is a thing that keeps its name; owners have accounts.
 */
export const linkRights: { readonly [Name in HubOperation]: LinkRight } = {
  register: asThing('register itself and the nodes behind it; by name alone, not as its own owner'),
  'is-friend': asThing('ask whether it may befriend somebody'),
  'can-read': asThing('ask whether somebody may read it'),
  'can-control': asThing('ask whether somebody may control it'),
  search: asThing('search the registry'),
  update: whileUnclaimed('change its own tags'),
  unregister: whileUnclaimed('leave the registry'),
  'get-token': withCertificate('get a token'),
  'answer-challenge': withCertificate('prove that a certificate is its own'),
  'get-certificate': withCertificate('ask for the certificate behind a token'),
  'can-access': withCertificate('ask, as a service, whether a user has access'),
  'user-logged-in': withCertificate('tell, as a service, that a user came'),
  'has-privilege': withCertificate('ask, as a service, for one privilege of a user'),
  'download-privileges': withCertificate('ask, as a service, for all privileges of a user'),
  claim: withAccount('claim a thing'),
  remove: withAccount('take a thing of its own out of the registry'),
  disown: withAccount('give a thing of its own up'),
  'friend-rule': withAccount('answer, as the owner, who befriends a thing'),
  'read-rule': withAccount('answer, as the owner, who reads a thing'),
  'control-rule': withAccount('answer, as the owner, who controls a thing'),
  'clear-device-cache': withAccount('make its own things ask anew'),
  'delete-rules': withAccount('take its own rules back'),
  'list-devices': withAccount('list its own things'),
  'pending-friends': withAccount('list, as the owner, who waits for a friendship'),
  'friend-states': withAccount('say, as the owner, who is a friend'),
};

/** Whether one so assured speaks on the link, where names are free. */
export function isOnLink(assurance: Assurance): boolean {
  return assurance === 'unverified' || assurance === 'certificate';
}

/** Whether one so assured can have an owner's rights: who speaks on the link has none, under whatever name. */
export function mayActAsOwner(assurance: Assurance): boolean {
  return !isOnLink(assurance);
}

/** Why one so assured may not do this, whatever it is about; `undefined` where he may, or it depends on the thing. */
export function refusalOf(operation: HubOperation, assurance: Assurance): HubError | undefined {
  if (!isOnLink(assurance)) return undefined;
  const { unverified, pinned } = linkRights[operation];
  if (!pinned) return new HubError('account-needed');
  return assurance === 'unverified' && unverified === 'never'
    ? new HubError('certificate-needed')
    : undefined;
}

/**
 * Refuses with certificate-needed one who may do this only while nobody owns the thing, once somebody (`owner`, a bare
 * JID) does.
 */
export function checkUnclaimed(operation: HubOperation, caller: Caller, owner: string | undefined): void {
  if (caller.assurance !== 'unverified' || owner === undefined) return;
  if (linkRights[operation].unverified !== 'always') throw new HubError('certificate-needed');
}
