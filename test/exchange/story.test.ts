import { afterAll, beforeAll, describe, it } from 'vitest';
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
