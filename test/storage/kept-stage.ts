import { stat } from 'node:fs/promises';
import { CollectedLog } from '../world/collected-log.js';
import { fileIn, storeIn } from './damage-stage.js';
import { storeWorld } from './store-stage.js';

/** Whether there is a file. */
export const there = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Starts from a file if it fits, looks at how the view came to know its notes, waits for the check, stops. */
export async function restart(data: string) {
  const log = new CollectedLog();
  const { store, view } = storeIn(data, 'from a file', storeWorld(log));
  await store.start();
  const known = new Map(view.all);
  const { told } = view;
  const file = await there(fileIn(data));
  await store.checked;
  const { damage } = store;
  await store.stop();
  return { known, told, file, damage, lines: log.lines };
}
