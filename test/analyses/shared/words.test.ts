import { describe, expect, it } from 'vitest';
import { formatter } from '#contract/format.ts';
import {
  addedWords,
  comparedWords,
  counted,
  directionOf,
  moved,
  movedBy,
  movement,
  moveSize,
  sentence,
  someOf,
  spelled,
} from '../../../analyses/shared/words.ts';

const format = formatter({ currency: 'EUR', locale: 'en-GB' });

describe('movement', () => {
  it.each([
    [106.1, 100, 'money', 'rose 6.1% to €106.10'],
    [90, 100, 'count', 'fell 10.0% to 90'],
    [0.342, 0.333, 'share', 'rose 0.9 pt to 34.2%'],
    [100, 100, 'count', 'was level at 100'],
    [100.01, 100, 'money', 'was level at €100.01'],
    [5, null, 'count', 'was 5'],
    [5, 0, 'count', 'rose to 5'],
  ] as const)('%d after %s %s', (now, before, unit, expected) => {
    expect(movement(format, now, before, unit)).toBe(expected);
  });

  it('has no size without a base', () => {
    expect(moveSize(format, 1, null, 'money')).toBeNull();
    expect([moved(1), moved(-1), moved(0), moved(null)]).toEqual(['rose', 'fell', 'was level', 'was level']);
  });
});

it('says what parts do', () => {
  expect([addedWords(format, 1200), addedWords(format, -3), addedWords(format, 0.001)]).toEqual([
    'added €1,200',
    'took away €3.00',
    'changed nothing',
  ]);
  expect([movedBy(format, 1200), movedBy(format, -3), movedBy(format, 0)]).toEqual(['rose €1,200', 'fell €3.00', 'was level']);
});

it('compares and counts in words', () => {
  expect([comparedWords(format, 0.061), comparedWords(format, -0.5), comparedWords(format, 0.0001)]).toEqual([
    '6.1% above',
    '50.0% below',
    'level with',
  ]);
  expect([someOf(format, 0, 12), someOf(format, 3, 40)]).toEqual(['none of twelve', 'three of 40']);
  expect([counted(format, 1, 'order'), counted(format, 1200, 'order')]).toEqual(['1 order', '1,200 orders']);
  expect([spelled(format, 1, 'week'), spelled(format, 4, 'week')]).toEqual(['one week', 'four weeks']);
  expect([sentence('none'), sentence('')]).toEqual(['None', '']);
});

it('knows which direction is good', () => {
  expect([directionOf(1, 'up'), directionOf(1, 'down'), directionOf(-1, 'down'), directionOf(1, 'none'), directionOf(0, 'up')]).toEqual([
    'good',
    'bad',
    'good',
    'neutral',
    'neutral',
  ]);
});
