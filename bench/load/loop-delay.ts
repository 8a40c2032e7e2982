// Loaded into the hub's process before the hub (`node --import`): at each SIGUSR2 it writes to the file LOOP_DELAY_FILE
// how late the event loop was since the last one, the 99th percentile in milliseconds.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between looks; what is told is the delay beyond. */
const RESOLUTION = 1;

const file = process.env.LOOP_DELAY_FILE;
if (file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  delays.enable();
  process.on('SIGUSR2', () => {
    const p99 = Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION);
    delays.reset();
    writeFileSync(`${file}.tmp`, String(p99));
    renameSync(`${file}.tmp`, file);
  });
}
