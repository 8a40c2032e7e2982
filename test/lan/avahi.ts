import type { Host } from './lab.js';
import type { LabProcess } from './lab-process.js';

/** How Debian sets avahi up, with what a test adds to the server section. */
function configuration(hostName: string, server: string): string {
  return `[server]
host-name=${hostName}
use-ipv4=yes
use-ipv6=yes
ratelimit-interval-usec=1000000
ratelimit-burst=1000
${server}
[publish]
publish-hinfo=no
publish-workstation=no
`;
}

/** Starts D-Bus and avahi on a machine; resolves once its name is probed. `server` is added to its configuration. */
export async function startAvahi(host: Host, server = ''): Promise<LabProcess> {
  await host.run('mkdir', ['-p', '/run/dbus', '/run/avahi-daemon']);
  const bus = host.spawn('dbus-daemon', ['--system', '--nofork', '--nopidfile', '--print-address']);
  await bus.waitFor(/unix:/);
  await host.write('/run/avahi.conf', configuration(host.name, server));
  const options = ['--no-drop-root', '--no-chroot', '--no-rlimits'];
  const avahi = host.spawn('avahi-daemon', ['-f', '/run/avahi.conf', ...options]);
  await avahi.waitFor(/Server startup complete/);
  return avahi;
}
