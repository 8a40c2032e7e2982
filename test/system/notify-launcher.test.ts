import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Makes a datagram socket as systemd has one, starts a program through the launcher, and prints what arrives. */
const LISTENER = `
  use strict; use Socket; use File::Temp 'tempdir';
  my $path = tempdir(CLEANUP => 1) . '/notify';
  socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un($path)) or die;
  $ENV{NOTIFY_SOCKET} = $path;
  system(@ARGV) == 0 or die "the program failed";
  alarm 5; recv($s, my $text, 4096, 0); print $text;
`;

const PROGRAM = "require('fs').writeSync(Number(process.env.NOTIFY_FD), 'READY=1\\nSTATUS=Up')";

describe('the launcher of the unit', () => {
  it('leaves the program a socket to systemd', () => {
    const launcher = ['systemd/notify-launcher', process.execPath, '-e', PROGRAM];
    const { stdout, stderr } = spawnSync('perl', ['-e', LISTENER, ...launcher], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['READY=1\nSTATUS=Up', '']);
  });

  it('starts the program also where nobody listens', () => {
    const { stdout } = spawnSync('systemd/notify-launcher', ['echo', 'up'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '' },
    });
    expect(stdout).toBe('up\n');
  });
});
