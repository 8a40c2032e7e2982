import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Daemon } from '../daemon/daemon.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./thing.py', import.meta.url));
/** Debian's own interpreter: another one on the path has not Debian's packages. */
const PYTHON = '/usr/bin/python3';

const missing = await run(PYTHON, ['-c', 'import slixmpp']).then(
  () => undefined,
  () => 'python3-slixmpp is not installed',
);

describe.skipIf(missing)(
  `python3-slixmpp, which nobody here wrote${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let data = '';
    let hub: Daemon;

    beforeAll(async () => {
      data = await mkdtemp(join(tmpdir(), 'hearth-test-'));
      hub = await Daemon.start(data, ['name=pronto']);
    });

    afterAll(async () => {
      await hub?.stop();
      await rm(data, { recursive: true, force: true });
    });

    it('makes an account, finds the hub by disco and registers a thing, over TLS that it checked', async () => {
      const { domain, server, hub: address } = hub.ready;
      const authority = join(data, 'tls', 'ca.pem');
      const { stdout } = await run(PYTHON, [script, '127.0.0.1', String(server?.port), domain, authority], {
        timeout: 30_000,
      });
      expect(JSON.parse(stdout)).toEqual({ hub: address, answer: 'result', tls: true });
      const { things } = await hub.admin('things', { unclaimed: true });
      expect(things.map(({ address: jid, tags }) => [jid, tags])).toEqual([
        [`meter@${domain}`, { SN: '394872348732948723', MAN: 'www.ktc.se' }],
      ]);
    });
  },
);
