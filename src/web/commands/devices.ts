import type { DeviceSettingReport, SetDeviceRequest } from '../../domain/admin-provisioning.js';
import { HubError } from '../../domain/errors.js';
import { bareJid } from '../../domain/jid.js';
import type { Admin } from '../admin.js';
import type { Commands } from '../command.js';
import { noSuchThing } from '../known-thing.js';
import { addressOf, byOwner } from '../request-parts.js';

/** What owners decide for single devices, and how devices come to trust the hub. */
export const deviceCommands: Commands<'device-setting' | 'befriend'> = {
  'device-setting': {
    read: (body) => {
      const value = body.optionalWord('value', ['on', 'off', 'default'] as const);
      return {
        device: body.text('device'),
        setting: body.word('setting', ['guard', 'secondaryTrust']),
        ...(value !== undefined && { value }),
        ...byOwner(body),
      };
    },
    run: setting,
  },
  befriend: {
    read: (body) => ({ jid: body.text('jid'), ...byOwner(body) }),
    run: async ({ devices, owners, hub }, request) => {
      const jid = bareJid(request.jid);
      await devices.befriend.run(jid, owners.actingOwner(request.owner));
      return { jid, hub: hub.ready().hub };
    },
  },
};

async function setting(admin: Admin, request: SetDeviceRequest): Promise<DeviceSettingReport> {
  const { devices, owners, things } = admin;
  const { setting: name, value } = request;
  const address = addressOf(request.device);
  const { jid } = address;
  const behind = things.of(jid);
  if (behind.length === 0) throw noSuchThing(admin, address);
  if (address.nodeId !== '') throw new HubError('bad-request', `This is set for the whole account: ${jid}`);
  if (value !== undefined) {
    const its = behind.find(({ owner }) => owner !== undefined && owners.mayOwn(owner))?.owner;
    const wanted = value === 'default' ? undefined : value === 'on';
    await devices.set.run(jid, name, wanted, owners.actingOwner(request.owner ?? its));
  }
  const decided = devices.settings.get(jid)[name];
  return {
    device: jid,
    setting: name,
    value: decided === undefined ? 'default' : decided ? 'on' : 'off',
    holds: decided ?? devices.settings.defaults[name],
  };
}
