import { ConfigError } from '../config/config-error.js';
import { StartFailure, type StartFailureReason } from '../domain/start-failure.js';

/** Exit codes that scripts and packagers rely on; the numbers are those of sysexits.h. */
export const exitCode = {
  ok: 0,
  /** The hub said no. */
  refused: 1,
  usage: 64,
  damagedData: 65,
  notRunning: 69,
  /** A mistake of the program. */
  software: 70,
  notWritable: 73,
  inUse: 75,
  configuration: 78,
} as const;

const REASONS: Record<StartFailureReason, number> = {
  'in-use': exitCode.inUse,
  damaged: exitCode.damagedData,
  'not-writable': exitCode.notWritable,
  'newer-data': exitCode.notWritable,
};

const SYSTEM: Readonly<Record<string, number>> = {
  EADDRINUSE: exitCode.inUse,
  EADDRNOTAVAIL: exitCode.configuration,
  EACCES: exitCode.notWritable,
  EPERM: exitCode.notWritable,
  EROFS: exitCode.notWritable,
  ENOSPC: exitCode.notWritable,
  ENOTDIR: exitCode.notWritable,
};

/** The exit code of a hub that could not start. */
export function startFailureCode(error: unknown): number {
  if (error instanceof ConfigError) return exitCode.configuration;
  if (error instanceof StartFailure) return REASONS[error.reason];
  const { code, syscall } = error as NodeJS.ErrnoException;
  // A port below 1024 without the right to it is a setting to change, not a folder.
  if (code === 'EACCES' && (syscall === 'listen' || syscall === 'bind')) return exitCode.configuration;
  return SYSTEM[code ?? ''] ?? exitCode.software;
}
