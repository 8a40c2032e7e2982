import type { Processes, Program } from '../../src/system/processes.js';

/** A machine without any other program. */
export const bareMachine: Processes = {
  start: (): Program => ({
    ended: Promise.resolve({ code: undefined, isMissing: true }),
    stop: async () => undefined,
  }),
};
