import type { AdminOperations, ThingReport } from '../../domain/admin.js';
import { decodeClaimCode } from '../../domain/claim-code.js';
import type { Caller } from '../../domain/command.js';
import { discoveryKind } from '../../domain/discovery-kind.js';
import { HubError } from '../../domain/errors.js';
import { formatAddress, type NodeAddress } from '../../domain/node-address.js';
import { readTagChanges } from '../../domain/tag-expression.js';
import type { Admin } from '../admin.js';
import type { Arguments } from '../arguments.js';
import type { Commands } from '../command.js';
import { actingOn, knownThing } from '../known-thing.js';
import { thingReport } from '../reports.js';
import { addressOf, byOwner, LOCAL, MAX_PAGE, PAGE } from '../request-parts.js';
import { searchThings } from '../search-things.js';

/** Most expressions of a search, and most changes of tags, in one request. */
const MAX_EXPRESSIONS = 64;

const NO_SUCH_CLAIM =
  'No thing that waits for an owner has this code. Is the thing on and connected? See: hearth things --unclaimed';

const ofOwner = (body: Arguments) => ({ address: body.text('address'), ...byOwner(body) });

/** What owners and seekers do with the registry, without any XML. */
export const registryCommands: Commands<'claim' | 'claim-code' | 'search' | 'update' | 'remove' | 'disown'> =
  {
    claim: {
      read: (body) => ({ code: body.text('code'), private: body.flag('private'), ...byOwner(body) }),
      run: claim,
    },
    'claim-code': {
      read: (body) => ({ address: body.text('address') }),
      run: ({ claimCode }, { address }) => claimCode.run(addressOf(address), LOCAL),
    },
    search: {
      read: (body) => ({
        expressions: body.texts('expressions', MAX_EXPRESSIONS),
        offset: body.whole('offset', 0, 0),
        limit: body.whole('limit', 1, PAGE, MAX_PAGE),
      }),
      run: searchThings,
    },
    update: {
      read: (body) => ({ ...ofOwner(body), tags: body.texts('tags', MAX_EXPRESSIONS) }),
      run: update,
    },
    remove: {
      read: ofOwner,
      run: async (admin, request) => {
        const { thing, owner } = actingOn(admin, addressOf(request.address), request.owner);
        await admin.remove.run({ thing: addressIn(thing) }, callerOf(admin, owner));
        return report(admin, thing);
      },
    },
    disown: {
      read: ofOwner,
      run: async (admin, request) => {
        const { thing, owner } = actingOn(admin, addressOf(request.address), request.owner);
        await admin.disown.run({ thing: addressIn(thing) }, callerOf(admin, owner));
        return report(admin, thing);
      },
    },
  };

async function claim(admin: Admin, request: AdminOperations['claim']['request']): Promise<ThingReport> {
  const own = ownAddress(admin, request.code.trim());
  if (own !== undefined) {
    const { thing, owner } = actingOn(admin, own, request.owner);
    await admin.claim.again(addressIn(thing), !request.private, callerOf(admin, owner));
    return report(admin, thing);
  }
  const { tags, registry } = readClaimCode(request.code.trim());
  const jid = admin.owners.actingOwner(request.owner);
  try {
    const { thing } = await admin.claim.run({ tags, public: !request.private }, callerOf(admin, jid));
    return report(admin, thing);
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'item-not-found') throw error;
    const { hub } = admin.hub.ready();
    const other = registry === undefined || registry === '' || registry === hub ? '' : registry;
    const elsewhere = other === '' ? '' : ` The code is for the registry ${other}; this one is ${hub}.`;
    throw new HubError('item-not-found', NO_SUCH_CLAIM + elsewhere, { cause: error });
  }
}

/** What is claimed already is claimed again by its address: that needs no KEY. */
function ownAddress({ things }: Admin, text: string): NodeAddress | undefined {
  const isAddress = discoveryKind(text) === 'direct' || /^[^;:\s]+@[^;:\s]+$/.test(text);
  if (!isAddress) return undefined;
  const address = addressOf(text);
  return things.get(address)?.owner === undefined ? undefined : address;
}

/** A code that is good for something else says for what. */
function readClaimCode(code: string): ReturnType<typeof decodeClaimCode> {
  const kind = discoveryKind(code);
  if (kind === 'search')
    throw new HubError(
      'claim-code-malformed',
      'This has no KEY: it is a search, not a claim code. See: hearth search --help',
    );
  if (kind === 'direct')
    throw new HubError(
      'claim-code-malformed',
      `This has no KEY: it only names ${formatAddress(addressOf(code))}. Its claim code is shown by the thing itself.`,
    );
  return decodeClaimCode(code);
}

/** Names of tags may be as long as the thing's own dialect lets them be. */
async function update(admin: Admin, request: AdminOperations['update']['request']): Promise<ThingReport> {
  const { thing, owner } = actingOn(admin, addressOf(request.address), request.owner);
  if (thing.removed) {
    const text = `${formatAddress(thing)} was taken out of the registry. To bring it back: hearth claim ${formatAddress(thing)}`;
    throw new HubError('item-not-found', text);
  }
  const tags = readTagChanges(request.tags, thing.tags, thing.generation === 'xmpp' ? 32 : 64);
  const { jid, ...node } = addressIn(thing);
  await admin.update.run({ node, jid, tags }, callerOf(admin, owner));
  return report(admin, thing);
}

function callerOf(admin: Admin, jid: string): Caller {
  return { jid, assurance: 'local', hub: admin.hub.ready().hub };
}

/** The thing as it is now. */
function report(admin: Admin, address: NodeAddress): ThingReport {
  return thingReport(admin, knownThing(admin, address));
}

function addressIn({ jid, nodeId, sourceId, cacheType }: NodeAddress): NodeAddress {
  return { jid, nodeId, sourceId, cacheType };
}
