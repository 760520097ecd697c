import { describe, expect, it } from 'vitest';
import { LookbookError } from '#contract/error.ts';
import { checkPage, type PageModel } from '#report/page.ts';
import { fixture } from './fixture.ts';

// biome-ignore lint/suspicious/noExplicitAny: each case breaks the model in a way that its type forbids.
type Broken = any;

const breaks: [string, (model: Broken) => void, RegExp][] = [
  ['a missing headline', (m) => delete m.sections[0].result.headline, /analysis sales-trends\.result\.headline/],
  ['an empty summary', (m) => (m.sections[0].result.summary = ' '), /sales-trends\.result\.summary/],
  ['NaN in a metric', (m) => (m.sections[0].result.metrics[0].value = Number.NaN), /metrics\.0\.value/],
  ['infinite cells', (m) => (m.sections[1].result.tables[0].rows[0].revenue = Number.POSITIVE_INFINITY), /tables\.0\.rows\.0\.revenue/],
  [
    'a proof that is not there',
    (m) => (m.sections[0].result.findings[0].proof = 'gone'),
    /no figure, table or omitted entry called 'gone'/,
  ],
  ['an id used twice', (m) => (m.sections[0].result.metrics[1].id = 'net_revenue'), /id 'net_revenue' is used twice/],
  ['an id with markup', (m) => (m.sections[0].result.figures[0].id = '<b>'), /figures\.0\.id/],
  ['a figure without alt text', (m) => (m.sections[0].result.figures[0].alt = ''), /figures\.0\.alt/],
  [
    'a column that the rows lack',
    (m) => m.sections[1].result.tables[0].columns.push({ key: 'gone', label: '', type: 'text' }),
    /no column 'gone'/,
  ],
  [
    'a metric without a definition',
    (m) => (m.sections[0].result.metrics[1].definition = 'gone'),
    /sales-trends\.result\.metrics\.orders: no definition 'gone' in the metric register/,
  ],
  ['more called than tested', (m) => (m.sections[0].result.method.called = 99), /more called than tested/],
  ['an unknown unit', (m) => (m.sections[0].result.metrics[0].unit = 'furlongs'), /metrics\.0\.unit/],
  ['an interval upside down', (m) => (m.sections[0].result.findings[0].effect.interval.low = 1e9), /low must not exceed high/],
  ['a date that is none', (m) => (m.run.asOf = 'yesterday'), /run\.asOf/],
  ['a report without sections', (m) => (m.report.sections = []), /report\.sections/],
];

describe('checkPage', () => {
  it('passes the fixture, at both depths', () => {
    expect(() => checkPage(fixture('overview'))).not.toThrow();
    expect(() => checkPage(fixture('in-depth'))).not.toThrow();
  });

  it.each(breaks)('refuses %s', (_, mutate, message) => {
    const model: PageModel = structuredClone(fixture('overview'));
    mutate(model);
    expect(() => checkPage(model)).toThrow(message);
    expect(() => checkPage(model)).toThrow(LookbookError);
  });
});
