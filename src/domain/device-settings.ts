/** What an owner decided for one device, where it differs from the configuration. */
export interface DeviceSettings {
  /** Whether the hub itself keeps strangers away from it (`provisioning.guard`). */
  readonly guard?: boolean;
  /** Whether it may also ask other provisioning servers (`provisioning.secondaryTrust`) [0324 3.1.4]. */
  readonly secondaryTrust?: boolean;
}

/** One of the settings. */
export type DeviceSetting = keyof DeviceSettings;
