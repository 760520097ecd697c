import { describe, expect, it } from 'vitest';
import type { Finding } from '#contract/finding.ts';
import { certainty, rankFindings, score } from '#report/rank.ts';

const make = (id: string, part: Partial<Finding> = {}): Finding => ({
  id,
  claim: 'c',
  detail: 'd',
  kind: 'change',
  evidence: { level: 'high', rule: 'r', n: 100 },
  stake: null,
  direction: 'bad',
  proof: 'p',
  ...part,
});
const stake = (value: number, low = value, high = value) => ({ value, low, high, basis: 'b' });
const order = (...findings: Finding[]) => rankFindings([{ analysis: 'a', findings }]).map((r) => r.finding.id);

describe('rank', () => {
  it.each([
    ['value at stake', [make('small', { stake: stake(10) }), make('large', { stake: stake(1000) })], ['large', 'small']],
    ['losses by their size', [make('gain', { stake: stake(10) }), make('loss', { stake: stake(-1000) })], ['loss', 'gain']],
    [
      'certainty',
      [make('guess', { stake: stake(150), evidence: { level: 'low', rule: 'r', n: 9 } }), make('sure', { stake: stake(100) })],
      ['sure', 'guess'],
    ],
    [
      'an interval that holds zero',
      [make('open', { stake: stake(150, -50, 300) }), make('shut', { stake: stake(100, 50, 150) })],
      ['shut', 'open'],
    ],
    [
      'a measured change before a supposition',
      [make('supposed', { kind: 'state', stake: stake(9999) }), make('measured', { stake: stake(10) })],
      ['measured', 'supposed'],
    ],
    [
      'what goes on before what is over',
      [
        make('past', { stake: { ...stake(9999), once: true } }),
        make('supposed', { kind: 'state', stake: stake(10) }),
        make('current', { stake: stake(10) }),
      ],
      ['current', 'supposed', 'past'],
    ],
    ['a state with money before a change without', [make('moved'), make('state', { kind: 'state', stake: stake(10) })], ['state', 'moved']],
    ['money before none', [make('none'), make('some', { stake: stake(1) })], ['some', 'none']],
    [
      'nothing found last',
      [make('nothing', { kind: 'nothing', stake: stake(999) }), make('state', { kind: 'state' })],
      ['state', 'nothing'],
    ],
    ['what moved before what is', [make('state', { kind: 'state' }), make('change')], ['change', 'state']],
    ['more rows', [make('few', { evidence: { level: 'high', rule: 'r', n: 5 } }), make('many')], ['many', 'few']],
    ['ids at last', [make('b'), make('a')], ['a', 'b']],
  ])('orders by %s', (_, findings, expected) => {
    expect(order(...findings)).toEqual(expected);
  });

  it('scores 0.6 of a stake of medium certainty, half of it when the sign is open', () => {
    const medium = { evidence: { level: 'medium' as const, rule: 'r', n: 1 } };
    expect(score(make('x', { ...medium, stake: stake(200, 100, 300) }))).toBeCloseTo(120);
    expect(certainty(make('x', { ...medium, stake: stake(200, -1, 300) }))).toBeCloseTo(0.3);
  });

  it('names the analysis and leaves the input alone', () => {
    const parts = [
      { analysis: 'one', findings: [make('b'), make('a')] },
      { analysis: 'two', findings: [make('c', { stake: stake(5) })] },
    ];
    expect(rankFindings(parts).map((r) => `${r.analysis}/${r.finding.id}`)).toEqual(['two/c', 'one/a', 'one/b']);
    expect(parts[0]!.findings.map((f) => f.id)).toEqual(['b', 'a']);
  });
});
