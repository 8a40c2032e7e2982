import { spawn } from 'node:child_process';
import { write } from 'node:fs';
import type { Log } from './log.js';

/** Tells the service manager how the hub is. */
export interface Notifier {
  /** Sends lines such as `READY=1` (sd_notify(3)). Never throws; a failure is a line of the log. */
  notify(...lines: readonly string[]): void;
}

/**
 * Notifies systemd. Node has no Unix datagram sockets, so either the launcher of the unit has left a connected one in
 * NOTIFY_FD, or the program `systemd-notify` speaks for the hub. Without NOTIFY_SOCKET nobody listens and nothing is
 * sent.
 */
export function systemdNotifier(env: NodeJS.ProcessEnv, log: Log): Notifier {
  const failed = (error: Error | null): void => {
    if (error !== null) log.warn('systemd could not be told how the hub is.', { error: error.message });
  };
  const descriptor = /^\d{1,6}$/.test(env.NOTIFY_FD ?? '') ? Number(env.NOTIFY_FD) : undefined;
  if (descriptor !== undefined) return { notify: (...lines) => write(descriptor, lines.join('\n'), failed) };
  if (env.NOTIFY_SOCKET === undefined || env.NOTIFY_SOCKET === '') return { notify: () => undefined };
  return {
    notify: (...lines) => {
      const child = spawn('systemd-notify', ['--no-block', ...lines], { stdio: 'ignore' });
      child.on('error', failed);
      child.unref();
    },
  };
}
