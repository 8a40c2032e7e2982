import { guards } from '../keys.js';
import type { View } from '../store.js';

/** Which devices the hub itself guards, in memory. */
export class GuardIndex implements View<string, boolean> {
  readonly table = guards;
  private readonly byDevice = new Map<string, boolean>();

  changed(device: string, guarded: boolean | undefined): void {
    if (guarded === undefined) this.byDevice.delete(device);
    else this.byDevice.set(device, guarded);
  }

  /** What was decided for a device (bare JID); `undefined` where nothing was. */
  get(device: string): boolean | undefined {
    return this.byDevice.get(device);
  }
}
