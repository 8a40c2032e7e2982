import { describe, expect, it } from 'vitest';
import { dataFindings, portsFindings } from '../../src/main/machine-findings.js';
import { SystemClock } from '../../src/system/clock.js';
import { SystemNetwork } from '../../src/system/network.js';
import { MemoryGlance } from '../world/memory-glance.js';

const MB = 1_000_000;
const world = { network: new SystemNetwork(), clock: new SystemClock() };

describe('the data folder', () => {
  const look = (mode: number, free: number) => {
    const glance = new MemoryGlance({}, {}, { '/data': mode });
    glance.space = { free, total: 8000 * MB };
    return dataFindings('/data', glance);
  };

  it("is the hub's alone, and has room", async () => {
    expect(await look(0o700, 4000 * MB)).toEqual([
      { severity: 'ok', text: "/data has room, and is the hub's alone." },
    ]);
    expect(await look(0o750, 4000 * MB)).toMatchObject([
      { severity: 'problem', advice: expect.stringContaining('700') },
    ]);
    expect(await look(0o700, 400 * MB)).toMatchObject([
      { severity: 'warning', text: 'The disk with /data has 400 MB left of 8,000 MB.' },
    ]);
    expect(await look(0o700, 4 * MB)).toMatchObject([{ severity: 'problem' }]);
  });
});

describe('the ports that others are told of', () => {
  it('answer, or it is said which does not and why', async () => {
    const listener = await world.network.listen({ host: '127.0.0.1', port: 0 }, (connection) =>
      connection.destroy(),
    );
    const { port } = listener;
    const ports = [{ what: 'the server', port }];
    expect(await portsFindings(ports, ['127.0.0.1'], world)).toEqual([
      { severity: 'ok', text: 'This machine reaches the server at 127.0.0.1.' },
    ]);
    await listener.close();
    expect(await portsFindings(ports, ['127.0.0.1'], world)).toMatchObject([
      { severity: 'problem', text: expect.stringContaining('127.0.0.1 (ECONNREFUSED)') },
    ]);
    expect(await portsFindings(ports, [], world)).toEqual([]);
  });
});
