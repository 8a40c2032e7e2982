import { afterAll, beforeAll, describe, it } from 'vitest';
import { storyOfALamp } from '../exchange/story-of-a-lamp.js';
import { DaemonStage } from './daemon-stage.js';

describe('over real sockets, on a real disk', () => {
  let stage: DaemonStage;

  beforeAll(async () => {
    stage = await DaemonStage.open();
  });

  afterAll(() => stage?.close());

  it('a lamp gets from power-on to an answered question, with kill -9 in between', () => storyOfALamp(stage));
});
