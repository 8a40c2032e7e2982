import { describe, expect, it } from 'vitest';
import { StartProgress } from '../../src/storage/start-progress.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';

describe('the progress of a start', () => {
  it('is told after two seconds, then every five, until the end', () => {
    const clock = new ManualClock();
    const log = new CollectedLog();
    const told: number[] = [];
    const progress = new StartProgress(clock, log, (percent) => told.push(percent));
    progress.begin(1000);
    progress.read(400);
    clock.advance(1999);
    expect(log.lines).toEqual([]);
    clock.advance(1);
    progress.read(345);
    clock.advance(5000);
    progress.read(300);
    clock.advance(5000);
    progress.end();
    clock.advance(60_000);
    expect(told).toEqual([40, 74, 99]);
    expect(log.lines.map(({ level, text }) => [level, text.split('.')[0]])).toEqual([
      ['info', 'Checking the records: 40 %'],
      ['info', 'Checking the records: 74 %'],
      ['info', 'Checking the records: 99 %'],
    ]);
    expect(clock.waiting()).toEqual([]);
  });
});
