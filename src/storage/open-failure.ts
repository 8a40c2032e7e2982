import { StartFailure } from '../domain/start-failure.js';

/** Why LevelDB did not open, in words that say what to do. */
export function levelFailure(folder: string, error: unknown): StartFailure {
  const { code, text } = reason(error);
  if (code === 'LEVEL_LOCKED') {
    return new StartFailure(
      'in-use',
      `The data in ${folder} is in use by another program. Is a hub running already? Stop it first, or give this one another folder with --data.`,
      { cause: error },
    );
  }
  if (/permission denied|read-only file system|no space left/i.test(text)) return notWritable(folder, error);
  return new StartFailure(
    'damaged',
    `The data in ${folder} is damaged so that it cannot be opened (${text}). Move the data folder away but keep it, and put a copy from before in its place.`,
    { cause: error },
  );
}

/** The folder cannot be written: who must be able to do so, and what the system said. */
export function notWritable(folder: string, error: unknown): StartFailure {
  return new StartFailure(
    'not-writable',
    `The data folder ${folder} cannot be written (${reason(error).text}). Give it to the hub's user, make room on the disk, or choose another folder with --data.`,
    { cause: error },
  );
}

// The level library says "not open"; LevelDB's own reason is the cause.
function reason(error: unknown): { readonly code: unknown; readonly text: string } {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return { code: undefined, text: String(inner) };
  return { code: 'code' in inner ? inner.code : undefined, text: inner.message };
}
