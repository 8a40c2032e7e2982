import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControlStage } from './control-stage.js';
import { readBlocks, readPng, readSvg } from './read-qr.js';

const LAMP = 'lamp@home.local';
const CLAIM = 'iotdisco:CLASS=lamp;KEY=sesame;#V=1.5;R=hub.home.local';
const DIRECT = 'iotdisco:JID=lamp%40home.local;R=hub.home.local';
let stage: ControlStage;

beforeEach(async () => {
  stage = new ControlStage();
  await stage.start();
});
afterEach(() => stage.stop());

const show = (...options: string[]) => stage.run('things', 'show', LAMP, ...options);

describe('the QR code of a thing', () => {
  it('is drawn in the terminal, with its text: what a claim needs while nobody owns the thing', async () => {
    const { code, output, errors } = await show('--qr');
    expect(code).toBe(0);
    expect(readBlocks(output.slice(0, output.indexOf('iotdisco')))).toBe(CLAIM);
    expect(output.endsWith(`\n${CLAIM}\n`)).toBe(true);
    expect(errors).toMatch(/^The claim code of lamp@home\.local\. Whoever has it can become its owner/);
    expect(stage.admin.asked.at(-1)).toMatchObject({ address: { jid: LAMP }, by: 'local' });
  });

  it('is the address alone once the thing is claimed', async () => {
    await stage.run('accounts', 'add', 'ann', '--owner');
    await stage.run('claim', CLAIM);
    const { output, errors } = await show('--qr');
    expect(readBlocks(output.slice(0, output.indexOf('iotdisco')))).toBe(DIRECT);
    expect(errors).toMatch(/^The address of lamp@home\.local, which is claimed/);
    expect(await stage.json('things', 'show', LAMP, '--qr')).toEqual({ kind: 'direct', code: DIRECT });
  });

  it('is written as PNG and as SVG, readable by nobody else', async () => {
    const [png, svg] = [join(stage.folder, 'lamp.png'), join(stage.folder, 'lamp.svg')];
    expect(await show('--png', png)).toMatchObject({
      code: 0,
      output: '',
      errors: expect.stringMatching(/lamp\.png: The claim code/),
    });
    await show('--svg', svg);
    expect(readPng(readFileSync(png))).toBe(CLAIM);
    expect(readSvg(readFileSync(svg, 'utf8'))).toBe(CLAIM);
    expect(statSync(png).mode & 0o777).toBe(0o600);
  });

  it('goes to standard output where the file is -', async () => {
    expect(readPng((await show('--png', '-')).bytes)).toBe(CLAIM);
    expect(readSvg((await show('--svg', '-')).output)).toBe(CLAIM);
  });

  it('is read also where it is as long as a thing can make it', async () => {
    const tags = Array.from({ length: 18 }, (_, i) => ({ name: `T${i}`, value: 'x'.repeat(120) }));
    stage.admin.lamp = { ...stage.admin.lamp, tags: [{ name: 'KEY', value: 'k' }, ...tags] };
    expect(readPng((await show('--png', '-')).bytes)).toMatch(/^iotdisco:KEY=k;T0=x+;.*;R=hub\.home\.local$/);
    stage.admin.lamp = {
      ...stage.admin.lamp,
      tags: [...tags, ...tags].map((tag, i) => ({ ...tag, name: `T${i}` })),
    };
    expect(await show('--qr')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('more than a QR code holds'),
    });
  });

  it('refuses what cannot be', async () => {
    mkdirSync(join(stage.folder, 'folder'));
    for (const [options, text] of [
      [['--qr', '--png', 'x'], 'Give one of'],
      [['--png', '-', '--json'], 'both want standard output'],
      [['--png', join(stage.folder, 'none', 'x.png')], 'no such folder'],
      [['--svg', join(stage.folder, 'folder')], 'is a folder'],
    ] as const)
      expect(await show(...options)).toMatchObject({ code: 64, errors: expect.stringContaining(text) });
    expect((await stage.run('things', 'show', 'desk@home.local', '--qr')).code).toBe(1);
  });
});
