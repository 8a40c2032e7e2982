import type { Log } from '../system/log.js';

const nothing = (): void => {};

/** A log for programs that listen to a thing's events instead. */
export const silentLog: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  part: () => silentLog,
};
