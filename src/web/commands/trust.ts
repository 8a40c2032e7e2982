import type { TrustReport, TrustRequest } from '../../domain/admin-trust.js';
import { HubError } from '../../domain/errors.js';
import type { Admin } from '../admin.js';
import type { Commands } from '../command.js';
import { noSuchThing } from '../known-thing.js';
import { addressOf, byOwner, LOCAL, optional } from '../request-parts.js';

/** Which certificates speak under the names of the link. */
export const trustCommands: Commands<'things-trust'> = {
  'things-trust': {
    read: (body) => ({
      address: body.text('address'),
      ...optional('fingerprint', body.optionalText('fingerprint')),
      forget: body.flag('forget'),
      ...byOwner(body),
    }),
    run: trust,
  },
};

/** A name belongs to an account as a whole: what is behind a concentrator speaks under its name. */
async function trust(admin: Admin, request: TrustRequest): Promise<TrustReport> {
  const { forget = false, fingerprint } = request;
  const address = addressOf(request.address);
  const { jid } = address;
  if (forget && fingerprint !== undefined)
    throw new HubError('bad-request', 'Either a fingerprint is trusted, or the certificate is forgotten.');
  const { pinOf, refusedOf, peer } = admin.trust;
  const { certificates, inClear } = refusedOf(jid);
  const isKnown = admin.things.of(jid).length > 0 || pinOf(jid) !== undefined;
  if (!isKnown && certificates.length === 0 && !inClear) throw noSuchThing(admin, { ...address, nodeId: '' });
  const by = decider(admin, jid, request.owner);
  const change = forget ? await peer.forget(jid, by) : await peer.run(jid, fingerprint, by);
  return { address: jid, before: change.before ?? null, now: change.now ?? null };
}

/** The owner of what has the name; of what nobody else owns, whoever is named, or the administrator of the machine. */
function decider({ things, owners }: Admin, jid: string, named: string | undefined): string {
  const others = things.of(jid).flatMap(({ owner }) => (owner === undefined || owner === jid ? [] : [owner]));
  if (others.length === 0) return named ?? LOCAL;
  return owners.actingOwner(named ?? others.find((owner) => owners.mayOwn(owner)));
}
