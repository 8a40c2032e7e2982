import type { DeviceSettings } from '../../domain/device-settings.js';
import { deviceSettings } from '../keys.js';
import type { View } from '../store.js';

const NONE: DeviceSettings = {};

/** What owners decided for single devices, in memory. */
export class SettingsIndex implements View<string, DeviceSettings> {
  readonly table = deviceSettings;
  private readonly byDevice = new Map<string, DeviceSettings>();

  changed(device: string, settings: DeviceSettings | undefined): void {
    if (settings === undefined) this.byDevice.delete(device);
    else this.byDevice.set(device, settings);
  }

  /** What was decided for a device (bare JID). */
  get(device: string): DeviceSettings {
    return this.byDevice.get(device) ?? NONE;
  }
}
