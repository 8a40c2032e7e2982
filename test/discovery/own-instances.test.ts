import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/discovery/mdns/zone.js';
import { Scene } from './scene.js';

const TYPE = '_presence._tcp';
const PRESENCE: Service = { type: TYPE, user: 'hub', port: 5298, txt: [['txtvers', '1']] };

const MINUTE = 60_000;

describe('a browser beside what the same program announces', () => {
  it('tells of neighbours only, and asks nobody for its own records', async () => {
    const scene = new Scene();
    const mdns = await scene.started(scene.machine('10.77.0.1'), { services: [PRESENCE] });
    const browser = mdns.browse(TYPE);
    await scene.pass(MINUTE);
    expect(browser.all()).toEqual([]);
    const since = scene.clock.monotonic();
    for (let minute = 0; minute < 20; minute++) await coarse(scene, MINUTE);
    const asked = scene.said(since).flatMap(({ message }) => message.questions.map(({ type }) => type));
    // What is left is the browser's own question, ever more rarely.
    expect(asked.every((type) => type === 'PTR')).toBe(true);
    expect(asked.length).toBeLessThanOrEqual(6);

    await scene.started(scene.machine('10.77.0.2'), { name: 'other', services: [PRESENCE] });
    expect(browser.all().map(({ instance }) => instance)).toEqual(['hub@other']);
    await mdns.stop();
  });

  it('tells of the neighbour to whom the own name is left', async () => {
    const scene = new Scene();
    await scene.started(scene.machine('10.77.0.2'), { services: [{ ...PRESENCE, port: 5299 }] });
    const mdns = scene.responder(scene.machine('10.77.0.1'), { services: [PRESENCE] });
    const browser = mdns.browse(TYPE);
    void mdns.start();
    await scene.pass(10_000);
    expect(mdns.label).toBe('pronto-1');
    expect(browser.all().map(({ instance, port }) => `${instance} ${port}`)).toEqual(['hub@pronto 5299']);
  });
});

/** Lets time pass in steps of 100 ms. */
async function coarse(scene: Scene, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    scene.clock.advance(100);
    await scene.settle();
  }
}
