import { describe, expect, it } from 'vitest';
import { Moment } from '../../src/domain/decision-time.js';
import { deviceAddress } from '../../src/domain/node-address.js';
import type { Rule } from '../../src/domain/rule.js';

/** A time of day, by the machine's own clock. */
const at = (hours: number, minutes = 0) => new Date(2026, 5, 1, hours, minutes).getTime();

const rule = (times: Pick<Rule, 'until' | 'daily'>, allow = true): Rule => ({
  id: '1',
  kind: 'read',
  thing: deviceAddress('lamp@pronto.local'),
  subject: { kind: 'all' },
  allow,
  by: 'anna@pronto.local',
  createdAt: 0,
  ...times,
});

describe('the times of a rule', () => {
  it('hold always where none is given, whatever the clock says', () => {
    expect(new Moment(0, false).standing(rule({}))).toBe('holds');
  });

  it('are over from their end on', () => {
    const ending = rule({ until: at(12) });
    expect(new Moment(at(12) - 1, true).standing(ending)).toBe('holds');
    expect(new Moment(at(12), true).standing(ending)).toBe('over');
  });

  it('hold for a part of the day, its first minute and not its last', () => {
    const daily = rule({ daily: { from: 8 * 60, to: 9 * 60 } });
    expect(new Moment(at(7, 59), true).standing(daily)).toBe('waits');
    expect(new Moment(at(8), true).standing(daily)).toBe('holds');
    expect(new Moment(at(8, 59), true).standing(daily)).toBe('holds');
    expect(new Moment(at(9), true).standing(daily)).toBe('waits');
  });

  it('go over midnight where the end comes before the beginning', () => {
    const night = rule({ daily: { from: 22 * 60, to: 6 * 60 } });
    expect(new Moment(at(23), true).standing(night)).toBe('holds');
    expect(new Moment(at(5, 59), true).standing(night)).toBe('holds');
    expect(new Moment(at(12), true).standing(night)).toBe('waits');
  });

  it('abuse 74: grants wait and denials hold while the clock cannot be right', () => {
    const unset = new Moment(0, false);
    for (const times of [{ until: at(12) }, { daily: { from: 0, to: 1440 } }]) {
      expect(unset.standing(rule(times))).toBe('waits');
      expect(unset.standing(rule(times, false))).toBe('holds');
    }
  });
});
