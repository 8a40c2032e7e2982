import { describe, expect, it } from 'vitest';
import type { BrowserChange, Found } from '../../src/discovery/browser.js';
import type { WireRecord } from '../../src/discovery/mdns/codec.js';
import { Browsing, records } from './browsing.js';
import { CacheModel, lineOf } from './cache-model.js';
import { Scene } from './scene.js';

const DEVICES = 8;
const HOSTS = 5;

/** The same choices for the same seed. */
class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed * 7919 + 1;
  }

  below(count: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 4_294_967_296) * count);
  }

  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(this.below(left.length), 1)[0] as T);
  }
}

/** Devices on a few hosts, as they are at one time. */
class Household {
  readonly on = new Set<number>();
  private readonly ports = Array.from({ length: DEVICES }, (_, i) => 5000 + i);
  private readonly texts = Array.from({ length: DEVICES }, () => 'status=avail');
  private readonly places = Array.from({ length: DEVICES }, (_, i) => i % HOSTS);
  private readonly addresses = Array.from({ length: HOSTS }, (_, i) => `10.77.0.${100 + i}`);
  private changes = 0;

  /** The records of a device now. */
  of(device: number): WireRecord[] {
    const host = this.places[device] ?? 0;
    return records(`device.${device}@home`, {
      host: `host-${host}.local`,
      address: this.addresses[host] ?? '',
      port: this.ports[device] ?? 0,
      txt: [this.texts[device] ?? ''],
    });
  }

  line(device: number): string {
    const host = this.places[device] ?? 0;
    const [address = '', port = 0, text = ''] = [
      this.addresses[host],
      this.ports[device],
      this.texts[device],
    ];
    return lineOf(`device.${device}@home`, `host-${host}.local`, port, [address], text);
  }

  /** Something about a device becomes otherwise; says which devices that concerns. */
  change(device: number, what: number): number[] {
    this.changes += 1;
    if (what === 0) this.ports[device] = 6000 + this.changes;
    else if (what === 1) this.texts[device] = `status=${this.changes}`;
    else if (what === 2) this.places[device] = this.changes % HOSTS;
    else {
      const host = this.places[device] ?? 0;
      this.addresses[host] = `10.77.0.${100 + (this.changes % 100)}`;
      return this.places.flatMap((place, i) => (place === host ? [i] : []));
    }
    return [device];
  }

  /** What devices that are on say to a question. */
  answer({ name, type }: { name: string; type: string }, known: readonly string[]): WireRecord[] {
    const said: WireRecord[] = [];
    for (const device of this.on) {
      const all = this.of(device);
      const isAsked = all.some((record) => record.type === type && record.name === name);
      if (isAsked && !(type === 'PTR' && known.includes(String(all[0]?.data)))) said.push(...all);
    }
    return said;
  }
}

function lines(all: readonly Found[]): string[] {
  const line = ({ instance, host, port, addresses, txt }: Found): string =>
    lineOf(instance, host, port, addresses, [...txt].map(([key, value]) => `${key}=${value}`).join());
  return all.map(line).sort();
}

/** What one who only hears of changes believes. */
function believed(changes: readonly BrowserChange[]): string[] {
  const known = new Map<string, Found>();
  for (const { kind, found } of changes) {
    expect(known.has(found.instance)).toBe(kind !== 'up');
    if (kind === 'changed') expect(lines([found])).not.toEqual([]);
    if (kind === 'down') known.delete(found.instance);
    else known.set(found.instance, found);
  }
  return lines([...known.values()]);
}

describe('any sequence of announcements, goodbyes, changes and silence', () => {
  it('leaves known what the rules of mDNS say, at every time', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const scene = new Scene();
      const browsing = await Browsing.started(scene);
      const [dice, home, model] = [new Dice(seed), new Household(), new CacheModel()];
      const say = async (answers: WireRecord[]): Promise<void> => {
        model.hear(answers, scene.clock.monotonic());
        scene.say({ type: 'response', answers });
        await scene.settle();
      };
      for (let step = 0; step < 60; step++) {
        const device = dice.below(DEVICES);
        const all = home.of(device);
        const what = dice.below(10);
        if (what < 3) for (const record of dice.shuffled(all)) await say([record]);
        else if (what < 5) await say(dice.shuffled(all).slice(0, 1 + dice.below(4)));
        else if (what < 7)
          await say(all.slice(0, 1 + dice.below(4)).map((record) => ({ ...record, ttl: 0 })));
        else if (what < 9) for (const one of home.change(device, dice.below(4))) await say(home.of(one));
        const waits = [0, 37, 400, 999, 1001, 5000, 60_003, 119_999, 4_000_007];
        scene.clock.advance(waits[dice.below(dice.below(6) === 0 ? 9 : 7)] ?? 0);
        await scene.settle();
        const expected = model.known(scene.clock.monotonic());
        expect(lines(browsing.browser.all()), `seed ${seed}, step ${step}`).toEqual(expected);
      }
      expect(believed(browsing.changes)).toEqual(lines(browsing.browser.all()));
      scene.clock.advance(4_501_000);
      expect([browsing.browser.size, browsing.browser.waiting]).toEqual([0, 0]);
      await browsing.stop();
    }
  });

  it('keeps those known who answer, though one answer in ten is lost, and loses those who do not', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const scene = new Scene();
      const browsing = await Browsing.started(scene);
      const [dice, home] = [new Dice(seed), new Household()];
      const since = Array.from({ length: DEVICES }, () => 0);
      let read = 0;
      const pass = async (seconds: number): Promise<void> => {
        for (let left = seconds * 4; left > 0; left--) {
          scene.clock.advance(250);
          await scene.settle();
          const news = scene.said().slice(read);
          read += news.length;
          const heard = news.filter(({ message, from }) => !message.response && from === '10.77.0.2');
          for (const { message } of heard) {
            const known = message.answers.map(({ data }) => (data.type === 'PTR' ? data.target : ''));
            const answers = message.questions.flatMap((asked) => home.answer(asked, known));
            if (answers.length > 0 && dice.below(10) > 0) scene.say({ type: 'response', answers });
          }
          scene.lan.traffic.splice(0, read);
          read = 0;
          await scene.settle();
        }
      };
      for (let step = 0; step < 30; step++) {
        const device = dice.below(DEVICES);
        const now = scene.clock.monotonic();
        const what = dice.below(4);
        if (what === 0 && home.on.has(device)) {
          for (const one of home.change(device, dice.below(4))) {
            since[one] = now;
            if (home.on.has(one)) scene.say({ type: 'response', answers: home.of(one) });
          }
        } else if (home.on.delete(device)) {
          const [pointer] = home.of(device);
          if (what === 1 && pointer) scene.say({ type: 'response', answers: [{ ...pointer, ttl: 0 }] });
          since[device] = now;
        } else {
          home.on.add(device);
          since[device] = now;
          scene.say({ type: 'response', answers: home.of(device) });
        }
        await pass([2, 3, 20, 90, 200, 300][dice.below(6)] ?? 0);
        const settled = (one: number): number => scene.clock.monotonic() - (since[one] ?? 0);
        const known = lines(browsing.browser.all());
        for (let one = 0; one < DEVICES; one++) {
          const place = `seed ${seed}, step ${step}, device ${one}`;
          if (home.on.has(one) && settled(one) > 1500) expect(known, place).toContain(home.line(one));
          if (!home.on.has(one) && settled(one) > 125_000) expect(known, place).not.toContain(home.line(one));
        }
      }
      expect(believed(browsing.changes)).toEqual(lines(browsing.browser.all()));
      expect(browsing.browser.size).toBeLessThanOrEqual(DEVICES);
      await browsing.stop();
    }
  });
});
