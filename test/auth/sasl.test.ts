import { createHook } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { plainChannel, type SaslChannel } from '../../src/edges/c2s/sasl/channel.js';
import type { SaslNegotiation } from '../../src/edges/c2s/sasl/negotiation.js';
import type { SaslStep } from '../../src/edges/c2s/sasl/step.js';
import type { ScramHash } from '../../src/xmpp/scram.js';
import { ScramClient, type ScramClientOptions } from '../../src/xmpp/scram-client.js';
import type { BindingType } from '../../src/xmpp/scram-message.js';
import { b64, fakeTls, LoginDesk, text } from './login-desk.js';

const failure = (condition: string): SaslStep => ({ kind: 'failure', condition }) as SaslStep;

interface Login {
  readonly mechanism: string;
  readonly username?: string;
  readonly password?: string;
  readonly binding?: ScramClientOptions['binding'];
  readonly authzid?: string;
  /** Changes the client's first or last message on its way. */
  readonly first?: (message: string) => string;
  readonly final?: (message: string) => string;
}

async function scram(connection: SaslNegotiation, login: Login): Promise<SaslStep> {
  const hash: ScramHash = login.mechanism.includes('SHA-256') ? 'SHA-256' : 'SHA-1';
  const { username = 'lamp', password = 'pencil', binding, authzid } = login;
  const client = new ScramClient({ hash, username, password, nonce: 'clientnonce', binding, authzid });
  const change = (message: string, by = (same: string) => same) => b64(by(message));
  const challenge = await connection.start(login.mechanism, change(await client.first(), login.first));
  if (challenge.kind !== 'challenge') return challenge;
  const answer = await client.respond(text(challenge.data));
  const step = await connection.respond(change(answer, login.final));
  if (step.kind === 'success') client.finish(text(step.data));
  return step;
}

const plain = (authzid: string, name: string, password: string) => b64(`${authzid}\0${name}\0${password}`);

function bound(type: BindingType, channel: SaslChannel = fakeTls): ScramClientOptions['binding'] {
  return { type, bytes: channel.binding(type) ?? Buffer.alloc(0) };
}

describe('the offer', () => {
  it('under TLS has every mechanism and the bindings', async () => {
    const connection = new LoginDesk().connect();
    expect(connection.mechanisms).toEqual([
      'SCRAM-SHA-256-PLUS',
      'SCRAM-SHA-1-PLUS',
      'SCRAM-SHA-256',
      'SCRAM-SHA-1',
      'PLAIN',
    ]);
    expect(connection.channelBindings).toEqual(['tls-exporter', 'tls-server-end-point']);
  });

  it('without TLS has neither PLAIN nor a mechanism with channel binding', () => {
    const connection = new LoginDesk().connect(plainChannel);
    expect(connection.mechanisms).toEqual(['SCRAM-SHA-256', 'SCRAM-SHA-1']);
    expect(connection.channelBindings).toEqual([]);
  });

  it.each(['SCRAM-SHA-512', 'EXTERNAL', 'scram-sha-1', '', '__proto__', 'toString'])(
    'does not have "%s"',
    async (name) => {
      const desk = await new LoginDesk().open();
      expect(await desk.connect().start(name, '=')).toEqual(failure('invalid-mechanism'));
    },
  );

  it('that is not made is not accepted', async () => {
    const desk = await new LoginDesk().open();
    const step = await desk
      .connect(plainChannel)
      .start('SCRAM-SHA-1-PLUS', b64('p=tls-exporter,,n=lamp,r=x'));
    expect(step).toEqual(failure('invalid-mechanism'));
  });
});

describe('a login with the right password', () => {
  const success = { kind: 'success', name: 'lamp' };

  it.each([
    { mechanism: 'SCRAM-SHA-256' },
    { mechanism: 'SCRAM-SHA-1' },
    { mechanism: 'SCRAM-SHA-256-PLUS', binding: bound('tls-exporter') },
    { mechanism: 'SCRAM-SHA-1-PLUS', binding: bound('tls-server-end-point') },
    { mechanism: 'SCRAM-SHA-256', username: 'LAMP' },
    { mechanism: 'SCRAM-SHA-256', authzid: 'lamp@home.local' },
  ])('succeeds by %j', async (login) => {
    const desk = await new LoginDesk().open();
    expect(await scram(desk.connect(), login)).toMatchObject(success);
  });

  it('succeeds by SCRAM without TLS', async () => {
    const desk = await new LoginDesk().open();
    const login = { mechanism: 'SCRAM-SHA-1', binding: 'unoffered' as const };
    expect(await scram(desk.connect(plainChannel), login)).toMatchObject(success);
  });

  it.each(['', 'lamp@home.local'])('succeeds by PLAIN, acting as "%s"', async (authzid) => {
    const desk = await new LoginDesk().open();
    expect(await desk.connect().start('PLAIN', plain(authzid, 'lamp', 'pencil'))).toEqual({
      kind: 'success',
      name: 'lamp',
      data: undefined,
    });
  });

  it('succeeds when the first message comes with the first response', async () => {
    const connection = (await new LoginDesk().open()).connect();
    expect(await connection.start('PLAIN', undefined)).toEqual({ kind: 'challenge', data: '' });
    expect(await connection.respond(plain('', 'lamp', 'pencil'))).toMatchObject(success);
  });

  it('succeeds after a failed one on the same connection', async () => {
    const connection = (await new LoginDesk().open()).connect();
    expect(await scram(connection, { mechanism: 'SCRAM-SHA-1', password: 'wrong' })).toEqual(
      failure('not-authorized'),
    );
    expect(connection.failures).toBe(1);
    expect(await scram(connection, { mechanism: 'SCRAM-SHA-1' })).toMatchObject(success);
    expect(await connection.start('PLAIN', '=')).toEqual(failure('malformed-request'));
  });

  it('fails if the account went or changed its password meanwhile', async () => {
    const desk = await new LoginDesk().open();
    const gone = (message: string) => {
      desk.accounts.delete('lamp');
      return message;
    };
    expect(await scram(desk.connect(), { mechanism: 'SCRAM-SHA-1', final: gone })).toEqual(
      failure('not-authorized'),
    );
  });
});

describe('abuse 18: a password in the clear', () => {
  it('is refused without TLS', async () => {
    const desk = await new LoginDesk().open();
    const step = await desk.connect(plainChannel).start('PLAIN', plain('', 'lamp', 'pencil'));
    expect(step).toEqual(failure('encryption-required'));
  });
});

describe('abuse 19: acting as somebody else', () => {
  const others = [
    'owner@home.local',
    'lamp@elsewhere.example',
    'lamp@home.local/x',
    'lamp',
    '@',
    'home.local',
  ];

  it.each(others)('is refused by PLAIN: %s', async (authzid) => {
    const desk = await new LoginDesk().open();
    expect(await desk.connect().start('PLAIN', plain(authzid, 'lamp', 'pencil'))).toEqual(
      failure('invalid-authzid'),
    );
  });

  it.each(others)('is refused by SCRAM: %s', async (authzid) => {
    const desk = await new LoginDesk().open();
    expect(await scram(desk.connect(), { mechanism: 'SCRAM-SHA-256', authzid })).toEqual(
      failure('invalid-authzid'),
    );
  });
});

describe('abuse 20: a SCRAM exchange that is not what it should be', () => {
  const flip = (proof: string) => (proof.startsWith('A') ? 'B' : 'A') + proof.slice(1);

  it.each<[string, Login]>([
    ['a wrong password', { mechanism: 'SCRAM-SHA-256', password: 'pencil2' }],
    [
      'a changed nonce',
      { mechanism: 'SCRAM-SHA-1', final: (m) => m.replace('r=clientnonce', 'r=clientnoncf') },
    ],
    [
      'a nonce without our part',
      { mechanism: 'SCRAM-SHA-1', final: (m) => m.replace(/r=[^,]+/, 'r=clientnonce') },
    ],
    [
      'a wrong header in c=',
      { mechanism: 'SCRAM-SHA-1', final: (m) => m.replace('c=biws', `c=${b64('y,,')}`) },
    ],
    ['an empty c=', { mechanism: 'SCRAM-SHA-1', final: (m) => m.replace('c=biws', 'c=AAAA') }],
    ['a proof cut short', { mechanism: 'SCRAM-SHA-1', final: (m) => m.replace(/p=.*/, 'p=QUJD') }],
    [
      'a proof made longer',
      { mechanism: 'SCRAM-SHA-1', final: (m) => m.replace(/p=.*/, `p=${b64('x'.repeat(21))}`) },
    ],
    [
      'a proof with one bit wrong',
      { mechanism: 'SCRAM-SHA-256', final: (m) => m.replace(/p=.*/, (p) => `p=${flip(p.slice(2))}`) },
    ],
    ['the y flag although binding is offered', { mechanism: 'SCRAM-SHA-256', binding: 'unoffered' }],
    [
      'another binding than the connection has',
      { mechanism: 'SCRAM-SHA-256-PLUS', binding: { type: 'tls-exporter', bytes: Buffer.alloc(32) } },
    ],
    ['a binding that is not offered', { mechanism: 'SCRAM-SHA-256-PLUS', binding: bound('tls-unique') }],
  ])('%s is not authorized', async (_name, login) => {
    const desk = await new LoginDesk().open();
    expect(await scram(desk.connect(), login)).toEqual(failure('not-authorized'));
  });

  it('fewer rounds than the account has make a wrong proof', async () => {
    const desk = await new LoginDesk().open();
    await desk.add('slow', 'pencil', 8192);
    const connection = desk.connect();
    const client = new ScramClient({ hash: 'SHA-1', username: 'slow', password: 'pencil', nonce: 'x' });
    const challenge = await connection.start('SCRAM-SHA-1', b64(await client.first()));
    expect(challenge.kind).toBe('challenge');
    const lowered = text(challenge.kind === 'challenge' ? challenge.data : '').replace('i=8192', 'i=4096');
    expect(await connection.respond(b64(await client.respond(lowered)))).toEqual(failure('not-authorized'));
  });

  it('an answer that was good once is not good again', async () => {
    const desk = await new LoginDesk().open();
    let answer = '';
    const keep = (message: string) => {
      answer = message;
      return message;
    };
    expect((await scram(desk.connect(), { mechanism: 'SCRAM-SHA-1', final: keep })).kind).toBe('success');
    expect(await scram(desk.connect(), { mechanism: 'SCRAM-SHA-1', final: () => answer })).toEqual(
      failure('not-authorized'),
    );
  });
});

describe('abuse 21: messages that are none', () => {
  it.each(['*', 'QQ', 'Q=Q=', 'QUI=QUI=', 'QR==', 'biwsbj1sYW1w\n', 'é', '==', ' '])(
    'what is not base 64 is refused: %j',
    async (data) => {
      const desk = await new LoginDesk().open();
      expect(await desk.connect().start('SCRAM-SHA-1', data)).toEqual(failure('incorrect-encoding'));
    },
  );

  it.each<[string, string, string]>([
    ['SCRAM-SHA-1', 'no data', '='],
    ['SCRAM-SHA-1', 'a megabyte', 'QUJD'.repeat(250_000)],
    ['SCRAM-SHA-1', 'bytes that are no UTF-8', b64(Buffer.from([0x6e, 0x2c, 0x2c, 0xff]))],
    ['SCRAM-SHA-1', 'no GS2 header', b64('n=lamp,r=x')],
    ['SCRAM-SHA-1', 'a stray equals sign in the name', b64('n,,n=la=mp,r=x')],
    ['SCRAM-SHA-1', 'a stray equals sign in whom to act as', b64('n,a=la=mp,n=lamp,r=x')],
    ['SCRAM-SHA-1', 'no name', b64('n,,n=,r=x')],
    ['SCRAM-SHA-1', 'no nonce', b64('n,,n=lamp,r=')],
    ['SCRAM-SHA-1', 'a mandatory extension', b64('n,,m=x,n=lamp,r=x')],
    ['SCRAM-SHA-1', 'a binding without -PLUS', b64('p=tls-exporter,,n=lamp,r=x')],
    ['SCRAM-SHA-1-PLUS', '-PLUS without a binding', b64('n,,n=lamp,r=x')],
    ['PLAIN', 'one NUL', b64('lamp\0pencil')],
    ['PLAIN', 'three NULs', b64('\0lamp\0pencil\0')],
    ['PLAIN', 'no password', b64('\0lamp\0')],
    ['PLAIN', 'no name', b64('\0\0pencil')],
  ])('%s with %s is malformed', async (mechanism, _name, data) => {
    const desk = await new LoginDesk().open();
    expect(await desk.connect().start(mechanism, data)).toEqual(failure('malformed-request'));
  });

  it.each(['c=biws,r=x', 'r=x,p=AAAA', 'c=*,r=x,p=AAAA', 'c=biws,r=x,p=A', '', 'c=biws,,r=x,p=AAAA'])(
    'a last message is malformed: "%s"',
    async (final) => {
      const desk = await new LoginDesk().open();
      const step = await scram(desk.connect(), { mechanism: 'SCRAM-SHA-1', final: () => final });
      expect(step).toEqual(failure('malformed-request'));
    },
  );

  it('a response before auth, auth in the middle, abort of nothing are malformed', async () => {
    const connection = (await new LoginDesk().open()).connect();
    expect(await connection.respond('QUJD')).toEqual(failure('malformed-request'));
    expect(connection.abort()).toEqual(failure('malformed-request'));
    await connection.start('SCRAM-SHA-1', b64('n,,n=lamp,r=x'));
    expect(await connection.start('SCRAM-SHA-1', b64('n,,n=lamp,r=x'))).toEqual(failure('malformed-request'));
    expect(await connection.respond('QUJD')).toEqual(failure('malformed-request'));
  });

  it('a message sent before the answer to the last one spoils both', async () => {
    const connection = (await new LoginDesk().open()).connect();
    const first = connection.start('PLAIN', plain('', 'lamp', 'pencil'));
    expect(await connection.start('PLAIN', plain('', 'lamp', 'pencil'))).toEqual(
      failure('malformed-request'),
    );
    expect(await first).toEqual(failure('malformed-request'));
    expect(connection.failures).toBe(2);
    expect(await connection.start('PLAIN', plain('', 'lamp', 'pencil'))).toMatchObject({ kind: 'success' });
  });

  it('abort ends the exchange, and another may begin', async () => {
    const connection = (await new LoginDesk().open()).connect();
    await connection.start('SCRAM-SHA-1', undefined);
    expect(connection.abort()).toEqual(failure('aborted'));
    expect(await scram(connection, { mechanism: 'SCRAM-SHA-1' })).toMatchObject({ kind: 'success' });
  });
});

describe('abuse 22: guessing', () => {
  const names = { known: 'lamp', unknown: 'nobody', impossible: 'no body@' };

  it.each(Object.entries(names))(
    'a thousand wrong passwords of a %s account are slowed down',
    async (_, name) => {
      const desk = await new LoginDesk().open();
      const begun = desk.clock.monotonic();
      const answers = new Set<string>();
      for (let n = 0; n < 1000; n += 1) {
        const step = desk.connect().start('PLAIN', plain('', name, '\u0007'));
        await Promise.resolve();
        if (desk.clock.waiting().length > 0) desk.clock.advance(16_000);
        answers.add(JSON.stringify(await step));
      }
      expect([...answers]).toEqual([JSON.stringify(failure('not-authorized'))]);
      expect(desk.clock.monotonic() - begun).toBeGreaterThan(990 * 16_000);
      expect(desk.clock.waiting()).toEqual([]);
    },
  );

  it.each(['SCRAM-SHA-1', 'SCRAM-SHA-256'])(
    '%s shows an unknown account the same way each time',
    async (name) => {
      const challenge = async (desk: LoginDesk, username: string) => {
        const step = await desk.connect().start(name, b64(`n,,n=${username},r=x`));
        return step.kind === 'challenge' ? text(step.data).replace(/^r=x[A-Za-z0-9+/=]{24},/, '') : step.kind;
      };
      const [desk, later] = [await new LoginDesk().open(), await new LoginDesk().open()];
      const known = await challenge(desk, names.known);
      const unknown = await challenge(desk, names.unknown);
      const shape = /^s=[A-Za-z0-9+/]{22}==,i=4096$/;
      expect(known).toMatch(shape);
      expect(unknown).toMatch(shape);
      expect(await challenge(desk, 'NOBODY')).toBe(unknown);
      expect(await challenge(later, names.unknown)).toBe(unknown);
      expect(await challenge(desk, 'somebody')).not.toBe(unknown);
    },
  );

  it('a known and an unknown account cost the same steps', async () => {
    const costs = [];
    for (const name of Object.values(names)) {
      const desk = await new LoginDesk().open();
      const started = await countDerivations(() => desk.connect().start('PLAIN', plain('', name, 'wrong')));
      const proofs = await countDerivations(() =>
        desk.connect().start('SCRAM-SHA-256', b64(`n,,n=${name},r=x`)),
      );
      costs.push({ started, proofs });
    }
    expect(costs).toEqual(Array(3).fill({ started: 1, proofs: 0 }));
  });

  it('a login that waits for its turn ends with its connection', async () => {
    const desk = await new LoginDesk().open();
    for (let n = 0; n < 4; n += 1) desk.guard.failed('lamp', '192.0.2.7');
    const connection = desk.connect();
    const step = connection.start('PLAIN', plain('', 'lamp', 'pencil'));
    await Promise.resolve();
    expect(desk.clock.waiting()).toEqual(['login delay']);
    connection.stop();
    expect(await step).toEqual(failure('malformed-request'));
    expect(desk.clock.waiting()).toEqual([]);
  });

  it('no password is in the log', async () => {
    const desk = await new LoginDesk().open();
    await desk.connect().start('PLAIN', plain('', 'lamp', 'sesame'));
    expect(JSON.stringify(desk.log.lines)).not.toContain('sesame');
  });
});

/** How many passwords are salted while something runs: the step that costs, and so tells, most. */
async function countDerivations(run: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PBKDF2REQUEST') count += 1;
    },
  }).enable();
  try {
    await run();
  } finally {
    hook.disable();
  }
  return count;
}
