import type { DeviceSettingReport } from '../../domain/admin-provisioning.js';
import type { DeviceSetting } from '../../domain/device-settings.js';
import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import { byOwner } from '../request-parts.js';

/** The values of a setting, as they are typed. */
export const settingValues = ['on', 'off', 'default'] as const;

/** `hearth guard THING [on|off|default]` */
export const guard = settingCommand('guard', {
  on: 'The hub keeps strangers away from',
  off: 'The hub lets everybody speak to',
});

/** `hearth secondary-trust THING [on|off|default]` */
export const secondaryTrust = settingCommand('secondaryTrust', {
  on: 'Other provisioning servers beside the hub are allowed to',
  off: 'No provisioning server but the hub is allowed to',
});

function settingCommand(setting: DeviceSetting, words: { readonly on: string; readonly off: string }) {
  return answering({
    operation: 'device-setting',
    request: (invocation) => {
      const value = settingValues.find((word) => word === invocation.positional(1));
      const device = invocation.required(0);
      return { device, setting, ...(value !== undefined && { value }), ...byOwner(invocation) };
    },
    show: ({ device, value, holds }: DeviceSettingReport) => {
      const why = value === 'default' ? ', as the configuration says' : '';
      return `${words[holds ? 'on' : 'off']} ${printable(device)}${why}.\n`;
    },
  });
}
