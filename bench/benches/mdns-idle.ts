import { Scene } from '../../test/discovery/scene.js';
import { pause } from '../lab.js';
import type { Responder } from '../servers/responders.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How much faster the clock of bonjour-service runs: its hour takes ten seconds. */
const SPEED = 360;

/** Steps in which the clock in memory goes on, in milliseconds. */
const STEP = 100;

/**
 * Packets that the hub sends in an hour in which nobody else says a word, from a minute after its announcement on: the
 * code of the hub on a LAN in memory, whose hour takes seconds and is exact.
 */
export async function idleHour(options: { readonly browses: boolean }): Promise<number> {
  const scene = new Scene();
  const mdns = await scene.started(scene.machine('10.77.0.1'));
  const type = '_presence._tcp';
  mdns.publish({ type, port: 5298, user: 'hub', txt: [['txtvers', '1']] });
  if (options.browses) mdns.browse(type);
  await pass(scene, MINUTE);
  const since = scene.clock.monotonic();
  await pass(scene, HOUR);
  return scene.said(since).length;
}

async function pass(scene: Scene, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= STEP) {
    scene.clock.advance(STEP);
    await scene.settle();
  }
}

/** Packets that bonjour-service sends in the same hour, announcing a service, with a faster clock. */
export async function bonjourHour(bonjour: Responder, heard: () => number): Promise<number> {
  const program = bonjour.start(SPEED);
  await program.waitFor(/^ready$/m);
  await pause(MINUTE / SPEED);
  const before = heard();
  await pause(HOUR / SPEED);
  const after = heard();
  await program.kill();
  return after - before;
}
