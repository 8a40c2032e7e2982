import { afterAll, beforeAll, describe, it } from 'vitest';
import { LanStage } from './lan-stage.js';
import { MemoryStage } from './memory-stage.js';
import { storyOfALamp } from './story-of-a-lamp.js';

describe('in memory', () => {
  let stage: MemoryStage;

  beforeAll(async () => {
    stage = await MemoryStage.open();
  });

  afterAll(() => stage?.close());

  it('a lamp gets from power-on to an answered question', () => storyOfALamp(stage));
});

describe('on the link, without any server', () => {
  let stage: LanStage;

  beforeAll(async () => {
    stage = await LanStage.open(['owner']);
  });

  afterAll(() => stage?.close());

  it('a lamp gets from power-on to an answered question', () => storyOfALamp(stage));
});
