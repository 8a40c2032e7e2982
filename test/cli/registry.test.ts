import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControlStage } from './control-stage.js';

const LAMP = 'lamp@home.local';
let stage: ControlStage;

beforeEach(async () => {
  stage = new ControlStage();
  await stage.start();
});
afterEach(() => stage.stop());

const asked = () => stage.admin.asked.at(-1);

/** Gives the lamp to Ann. */
async function claimed(): Promise<void> {
  await stage.run('accounts', 'add', 'ann', '--owner');
  await stage.run('claim', 'iotdisco:CLASS=lamp;KEY=sesame');
}

describe('hearth search', () => {
  it('finds by expressions, and tells owner and state but no KEY', async () => {
    await claimed();
    const { code, output } = await stage.run(
      'search',
      'CLASS=lamp',
      'LAT=59..60',
      '--limit',
      '5',
      '--from',
      '3',
    );
    expect([code, output]).toEqual([
      0,
      'ADDRESS          OWNER           STATE      TAGS\nlamp@home.local  ann@home.local  connected  CLASS=lamp V=1.5\n',
    ]);
    expect(asked()).toMatchObject({
      command: {
        offset: 2,
        maxCount: 5,
        operators: [
          { kind: 'strEq', name: 'CLASS', value: 'lamp' },
          { kind: 'numRange', name: 'LAT' },
        ],
      },
    });
    expect(await stage.json('search', 'SN~39487*')).toMatchObject({
      more: false,
      things: [{ address: LAMP }],
    });
  });

  it('tries a number as text where it finds nothing', async () => {
    await stage.json('search', 'FLOOR=2');
    const operators = stage.admin.asked.map(
      (call) => (call as { command: { operators: unknown[] } }).command.operators,
    );
    expect(operators).toEqual([
      [{ kind: 'numEq', name: 'FLOOR', value: 2 }],
      [{ kind: 'strEq', name: 'FLOOR', value: '2' }],
      [{ kind: 'strEq', name: 'FLOOR', value: '2' }],
    ]);
  });

  it('says where what is not found is listed', async () => {
    const { code, output } = await stage.run('search', 'V>=7');
    expect([code, output]).toEqual([0, expect.stringContaining('all are listed by: hearth things')]);
  });

  it('takes one search URI, of this registry', async () => {
    await stage.run('search', 'iotdisco:CLASS=lamp;#V>=1;#V<2;R=HUB.home.local');
    expect(asked()).toMatchObject({ command: { operators: [{ kind: 'strEq' }, { kind: 'numRange' }] } });
    const refused = async (...words: string[]) => (await stage.run('search', ...words)).errors;
    expect(await refused('iotdisco:A=1;R=hub.else')).toContain(
      'for the registry hub.else; this one is hub.home.local',
    );
    expect(await refused('iotdisco:A=1', 'B=1')).toContain('stands alone');
    expect(await refused('iotdisco:A=1;KEY=2')).toContain('hearth claim --help');
    expect(await refused('iotdisco:JID=lamp@home.local')).toContain('hearth things show');
    expect(await refused('iotdisco:#A=x')).toContain('This is not a search URI');
  });

  it('refuses what is no expression as a mistake of the line', async () => {
    const { code, errors } = await stage.run('search', 'CLASS=lamp', 'LAT=north');
    expect([code, errors]).toEqual([
      64,
      'hearth: "LAT=north": LAT is a number. Write it as in LAT=59.3, LAT>=59 or LAT=59..60.\nSee: hearth search --help\n',
    ]);
    expect((await stage.run('search')).errors).toContain('"search" needs EXPR');
    expect(stage.admin.asked).toEqual([]);
  });

  it('abuse 29: never goes by KEY', async () => {
    expect((await stage.run('search', 'KEY=sesame')).errors).toContain('no search goes by KEY');
    expect((await stage.run('search', 'iotdisco:KEY~*s*')).errors).toContain('no search goes by KEY');
    expect(stage.admin.asked).toEqual([]);
  });
});

describe('hearth update', () => {
  it("changes tags in the owner's name", async () => {
    await claimed();
    const { code, output } = await stage.run('update', LAMP, 'ROOM=kitchen', 'V=2', '#FLOOR=3', 'CLASS=');
    expect([code, output]).toEqual([0, 'lamp@home.local has now: CLASS= FLOOR=3 ROOM=kitchen V=2\n']);
    expect(asked()).toEqual({
      command: {
        jid: LAMP,
        node: { nodeId: '', sourceId: '', cacheType: '' },
        tags: [
          { name: 'ROOM', value: 'kitchen' },
          { name: 'V', value: 2 },
          { name: 'FLOOR', value: 3 },
          { name: 'CLASS', value: '' },
        ],
      },
      caller: { jid: 'ann@home.local', assurance: 'local', hub: 'hub.home.local' },
    });
  });

  it('keeps the type that a tag has', async () => {
    await claimed();
    stage.admin.lamp = { ...stage.admin.lamp, tags: [{ name: 'FLOOR', value: '2' }] };
    await stage.run('update', LAMP, 'FLOOR=3', 'SEATS=4');
    expect(asked()).toMatchObject({
      command: {
        tags: [
          { name: 'FLOOR', value: '3' },
          { name: 'SEATS', value: 4 },
        ],
      },
    });
  });

  it('refuses what cannot be, with what to do', async () => {
    await stage.run('accounts', 'add', 'ann', '--owner');
    expect((await stage.run('update', LAMP, 'ROOM=x')).errors).toContain('Claim it first: hearth claim CODE');
    await claimed();
    expect(await stage.run('update', LAMP, 'ROOM')).toMatchObject({ code: 64 });
    expect(await stage.run('update', LAMP, 'KEY=x')).toMatchObject({ code: 64 });
    expect((await stage.run('update', LAMP, `${'N'.repeat(40)}=x`)).errors).toContain('32 characters');
    expect((await stage.run('update', 'desk@home.local', 'ROOM=x')).errors).toContain('no such thing');
    await stage.run('remove', LAMP);
    expect((await stage.run('update', LAMP, 'ROOM=x')).errors).toContain('To bring it back: hearth claim');
    expect(await stage.run('claim', LAMP, '--private')).toMatchObject({ code: 0 });
    expect(stage.admin.lamp).toMatchObject({ public: false });
    expect(stage.admin.lamp.removed).toBeUndefined();
    stage.admin.lamp = { ...stage.admin.lamp, owner: LAMP };
    expect((await stage.run('update', LAMP, 'ROOM=x')).errors).toContain('owns itself');
  });
});

describe('hearth remove and disown', () => {
  it('remove says who still owns the thing', async () => {
    await claimed();
    const { output } = await stage.run('remove', LAMP);
    expect(output).toContain('ann@home.local still owns it.');
    expect(asked()).toMatchObject({
      command: { thing: { jid: LAMP } },
      caller: { jid: 'ann@home.local' },
    });
    expect((await stage.run('things')).output).toContain('connected, removed');
    expect((await stage.run('things', 'show', LAMP)).output).toContain('taken out of the registry');
  });

  it('disown says that it waits, and what was done', async () => {
    await claimed();
    const { output, errors } = await stage.run('disown', LAMP);
    expect(errors).toBe('Waiting until lamp@home.local acknowledges that…\n');
    expect(output).toContain('has no owner any more');
    expect((await stage.run('disown', LAMP)).errors).toContain('Nobody owns lamp@home.local yet.');
  });

  it('disown explains why it is not allowed; with --json it says nothing else', async () => {
    await claimed();
    stage.admin.acknowledges = false;
    expect(await stage.run('disown', LAMP)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('The thing is not connected.'),
    });
    expect(await stage.json('disown', LAMP)).toEqual({
      error: { code: 'not-allowed', text: 'The thing is not connected.' },
    });
  });

  it("any owner acts for one who is none any more, and nobody for another's", async () => {
    await claimed();
    await stage.run('accounts', 'add', 'bob', '--owner');
    await stage.run('remove', LAMP);
    expect(asked()).toMatchObject({ caller: { jid: 'ann@home.local' } });
    await stage.run('accounts', 'remove', 'ann');
    await stage.run('remove', LAMP);
    expect(asked()).toMatchObject({ caller: { jid: 'bob@home.local' } });
    expect((await stage.run('remove', LAMP, '--owner', 'eve@home.local')).errors).toContain(
      'no owner of this hub',
    );
  });
});

describe('discovery strings on the command line', () => {
  it('a direct URI is an address', async () => {
    expect(await stage.json('things', 'show', 'iotdisco:JID=Lamp%40home.local;R=x')).toMatchObject({
      address: LAMP,
    });
    expect((await stage.run('things', 'show', 'iotdisco:NID=1')).errors).toContain('has no JID');
  });

  it('claim says what else a code is good for, and which registry it names', async () => {
    await stage.run('accounts', 'add', 'ann', '--owner');
    const claim = async (code: string) => (await stage.run('claim', code)).errors;
    expect(await claim('iotdisco:CLASS=lamp;R=hub.home.local')).toContain('it is a search, not a claim code');
    expect(await claim('iotdisco:JID=lamp@home.local')).toContain('only names lamp@home.local');
    expect(await claim('iotdisco:KEY=wrong;R=hub.else')).toContain('The code is for the registry hub.else');
    expect(await claim('iotdisco:KEY=wrong;R=hub.home.local')).not.toContain('The code is for');
  });
});

describe('hearth things', () => {
  it.each([
    [['--unclaimed'], 0],
    [['--owner', 'ann@home.local'], 1],
    [['--private'], 1],
    [['--removed'], 0],
    [['--away'], 0],
    [['--match', 'LAM'], 1],
    [['--match', 'ann@'], 1],
    [['--match', '1.5', '--private'], 1],
    [['--match', 'sesame'], 0],
    [['--from', '2'], 0],
  ])('filters by %s', async (filter, count) => {
    await claimed();
    stage.admin.lamp = { ...stage.admin.lamp, public: false };
    const { things } = (await stage.json('things', ...filter)) as { things: unknown[] };
    expect(things).toHaveLength(count);
  });

  it('marks what searches do not find', async () => {
    await claimed();
    stage.admin.lamp = { ...stage.admin.lamp, public: false };
    expect((await stage.run('things')).output).toContain('connected, private');
  });

  it('does not answer more than it should at once', async () => {
    expect((await stage.run('things', '--limit', '10001')).errors).toContain('from 1 to 10000');
  });
});
