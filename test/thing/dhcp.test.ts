import type dgram from 'node:dgram';
import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askDhcp } from '../../src/discovery/dhcp-inform.js';
import { serversInLeases } from '../../src/discovery/dhcp-lease.js';
import { encodeInform, readInformAnswer } from '../../src/discovery/dhcp-message.js';
import { SystemRandom } from '../../src/system/random.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex');

/** What the machine's DHCP client wrote on its one interface, `lan`. */
async function written(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const memory = new MemoryFiles();
  for (const [path, text] of Object.entries(files)) await memory.write(path, text);
  const clock = new ManualClock();
  return serversInLeases({ files: memory, network: new MemoryNetwork(), clock });
}

const networkd = (line: string) =>
  written({
    '/sys/class/net/lan/ifindex': '2\n',
    '/run/systemd/netif/leases/2': `# This is private data. Do not parse.\nADDRESS=10.0.0.9\n${line}\n`,
  });

const dhclient = (option: string, expire = '4 2090/01/05 10:00:00') =>
  written({
    '/var/lib/dhcp/dhclient.leases': `lease {\n  interface "lan";\n  option unknown-224 "old.local";\n  expire 1 2000/01/03 10:00:00;\n}\nlease {\n  interface "lan";\n  fixed-address 10.0.0.9;\n  option ${option};\n  expire ${expire};\n}\n`,
  });

describe('the hub in the leases of this machine', () => {
  it('systemd-networkd keeps it by its number, with or without a dot or NUL behind it', async () => {
    for (const text of ['pronto.local', 'pronto.local.', 'pronto.local\0'])
      expect(await networkd(`OPTION_224=${hex(text)}`)).toEqual(['pronto.local']);
  });

  it('udhcpc leaves it to the script fragment of docs/making-things.md', async () => {
    const file = '/run/udhcpc.lan.env';
    expect(await written({ [file]: `opt224=${hex('pronto.local')}\n` })).toEqual(['pronto.local']);
    expect(await written({ [file]: `opt224='${hex('pronto').toUpperCase()}'\n` })).toEqual(['pronto']);
  });

  it('dhclient keeps it as text or bytes, until the lease ends', async () => {
    expect(await dhclient('unknown-224 "pronto.local"')).toEqual(['pronto.local']);
    expect(await dhclient('xmpp-server "pronto.local\\000"')).toEqual(['pronto.local']);
    expect(await dhclient('unknown-224 70:72:6f:6e:74:6f')).toEqual(['pronto']);
    expect(await dhclient('unknown-224 "pronto.local"', 'never')).toEqual(['pronto.local']);
    expect(await dhclient('unknown-224 "pronto.local"', '1 1970/01/01 00:00:00')).toEqual([]);
  });

  it('each name is told once, those of networkd first', async () => {
    const names = await written({
      '/sys/class/net/lan/ifindex': '2',
      '/run/systemd/netif/leases/2': `OPTION_224=${hex('a.local')}`,
      '/run/udhcpc.lan.env': `opt224=${hex('b.local')}`,
      '/var/lib/dhcp/dhclient.lan.leases':
        'lease {\n  interface "lan";\n  option xmpp-server "a.local";\n}\n',
    });
    expect(names).toEqual(['a.local', 'b.local']);
  });

  it.each([
    ['nothing', 'OPTION_225=70'],
    ['no value', 'OPTION_224='],
    ['half a byte', 'OPTION_224=707'],
    ['no hex', 'OPTION_224=pronto.local'],
    ['an empty label', `OPTION_224=${hex('pronto..local')}`],
    ['a line break', `OPTION_224=${hex('pronto\nlocal')}`],
    ['too much', `OPTION_224=${hex('a'.repeat(300))}`],
  ])('%s names no hub', async (_what, line) => {
    expect(await networkd(line)).toEqual([]);
  });

  it('an interface without a proper number has no file of networkd', async () => {
    const files = { '/run/systemd/netif/leases/../x': `OPTION_224=${hex('pronto')}` };
    expect(await written({ ...files, '/sys/class/net/lan/ifindex': '../x' })).toEqual([]);
  });

  it('any file is read without an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        const paths = ['/run/udhcpc.lan.env', '/var/lib/dhcp/dhclient.leases', '/sys/class/net/lan/ifindex'];
        await written(Object.fromEntries(paths.map((path) => [path, text])));
      }),
    );
  });

  it('a file that this program may not read names no hub', async () => {
    const files = new MemoryFiles();
    files.read = () => Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' }));
    const clock = new ManualClock();
    expect(await serversInLeases({ files, network: new MemoryNetwork(), clock })).toEqual([]);
  });
});

const inform = { xid: 0xfeedbeef, address: '192.0.2.1', hardware: Buffer.from('020000000001', 'hex') };

/** An answer to `question` with these options behind the magic. */
function answer(question: Buffer, options: string, file = ''): Buffer {
  const reply = Buffer.concat([question.subarray(0, 240), Buffer.from(options, 'hex')]);
  reply[0] = 2;
  reply.write(file, 108, 'hex');
  return reply;
}

const ACK = '350105';
const named = (name: string) => `e0${name.length.toString(16).padStart(2, '0')}${hex(name)}`;

describe('a DHCPINFORM', () => {
  const question = encodeInform(inform);

  it('asks for options 224 and 84, from the address that it names', () => {
    expect(question.length).toBe(300);
    expect([...question.subarray(12, 16)]).toEqual([192, 0, 2, 1]);
    expect(question.subarray(236, 248).toString('hex')).toBe('63825363' + '350108' + '3702e054' + 'ff');
  });

  it('reads the name, also one that is split, of the other code, or in the field of the boot file', () => {
    const read = (options: string, file?: string) =>
      readInformAnswer(answer(question, options, file), inform);
    expect(read(`${ACK}${named('pronto.local')}ff`)).toBe('pronto.local');
    expect(read(`${ACK}${named('pronto.')}00${named('local.')}ff`)).toBe('pronto.local');
    expect(read(`${ACK}${named('pronto.local').replace(/^e0/, '54')}`)).toBe('pronto.local');
    expect(read(`${ACK}340101ff`, `${named('pronto.local')}ff`)).toBe('pronto.local');
    expect(read(`${ACK}ff`)).toBe('');
    expect(read(`${ACK}${named('pronto..local')}ff`)).toBe('');
  });

  it.each([
    ['a refusal', `350106${named('pronto')}ff`],
    ['no type', `${named('pronto')}ff`],
    ['a cut option', `${ACK}e0ff70`],
    ['an option without a length', `${ACK}e0`],
  ])('%s is no answer', (_what, options) => {
    expect(readInformAnswer(answer(question, options), inform)).toBeUndefined();
  });

  it('what answers another question is no answer', () => {
    const good = answer(question, `${ACK}${named('pronto')}ff`);
    for (const at of [0, 4, 7, 28, 236]) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 1;
      expect(readInformAnswer(bad, inform)).toBeUndefined();
    }
    expect(readInformAnswer(Buffer.concat([good, Buffer.alloc(1500)]), inform)).toBeUndefined();
  });

  it('any bytes are read without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        readInformAnswer(answer(question, Buffer.from(bytes).toString('hex')), inform);
        readInformAnswer(Buffer.from(bytes), inform);
      }),
    );
  });
});

/** A socket of the DHCP client's port. */
class FakeSocket extends EventEmitter {
  readonly sent: Buffer[] = [];
  closed = false;
  readonly refuses: string | undefined;

  constructor(refuses?: string) {
    super();
    this.refuses = refuses;
  }

  bind(_to: dgram.BindOptions, done: () => void): void {
    const { refuses } = this;
    if (refuses === undefined) done();
    else this.emit('error', Object.assign(new Error(`bind ${refuses}`), { code: refuses }));
  }

  setBroadcast(): void {}

  send(bytes: Buffer, _port: number, _to: string, done: (error: Error | null) => void): void {
    this.sent.push(bytes);
    this.emit('sent');
    done(null);
  }

  close(): void {
    this.closed = true;
  }
}

describe('asking DHCP', () => {
  function stage(socket: FakeSocket) {
    const network = new MemoryNetwork();
    network.datagram = () => socket as unknown as dgram.Socket;
    const clock = new ManualClock();
    const log = new CollectedLog();
    return { clock, log, network, files: new MemoryFiles(), random: new SystemRandom() };
  }

  it('resolves with the name that a server gives; others are not heard', async () => {
    const socket = new FakeSocket();
    const world = stage(socket);
    const asked = askDhcp(world);
    const sent = new Promise((resolve) => socket.once('sent', resolve));
    await new Promise(setImmediate);
    world.clock.advance(0);
    await sent;
    const [question = Buffer.alloc(0)] = socket.sent;
    socket.emit('message', answer(question, `${ACK}${named('mallory.local')}ff`), { port: 6700 });
    socket.emit('message', Buffer.from('nonsense'), { port: 67 });
    socket.emit('message', answer(question, `${ACK}ff`), { port: 67 });
    socket.emit('message', answer(question, `${ACK}${named('pronto.local')}ff`), { port: 67 });
    expect(await asked).toEqual(['pronto.local']);
    expect([socket.closed, world.clock.waiting()]).toEqual([true, []]);
  });

  it('asks three times, and nobody is waited for longer than four seconds', async () => {
    const socket = new FakeSocket();
    const world = stage(socket);
    const asked = askDhcp(world);
    await new Promise(setImmediate);
    world.clock.advance(4000);
    expect(await asked).toEqual([]);
    expect(socket.sent.length).toBe(3);
    expect(new Set(socket.sent.map(String)).size).toBe(1);
  });

  it('says what to do where the port cannot be had', async () => {
    await expect(askDhcp(stage(new FakeSocket('EACCES')))).rejects.toThrow(/CAP_NET_BIND_SERVICE/);
    await expect(askDhcp(stage(new FakeSocket('EADDRINUSE')))).rejects.toThrow(/own DHCP client/);
  });
});
