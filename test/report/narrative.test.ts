import { describe, expect, it } from 'vitest';
import type { Result } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import { formatter } from '#contract/format.ts';
import { Drawings } from '#report/drawings.ts';
import { namesOf } from '#report/names.ts';
import { renderNarrative } from '#report/narrative.ts';
import { fixture } from './fixture.ts';

const model = fixture('in-depth');
const format = formatter(model.run.shop);
const { analysis, result } = model.sections[0]! as {
  analysis: { id: string; area: string; params: Record<string, number> };
  result: Result;
};

function say(source: string, depth: 'overview' | 'in-depth' = 'in-depth', over: Partial<Result> = {}) {
  return renderNarrative({
    analysis,
    result: { ...result, ...over },
    source,
    format,
    depth,
    drawings: new Drawings(),
    names: namesOf(model),
  });
}

describe('narrative', () => {
  const revenue = result.metrics[0]!;
  it.each([
    ["{{value 'net_revenue'}}", format.money(revenue.value)],
    ["{{change 'net_revenue'}}", format.change(revenue.value! / revenue.comparisons[0]!.value! - 1)],
    [
      "{{change 'return_share' 'same week last year'}}",
      format.points(result.metrics[4]!.value! - result.metrics[4]!.comparisons[1]!.value!),
    ],
    ["{{base 'orders' 'prior week'}}", format.count(result.metrics[1]!.comparisons[0]!.value)],
    ["{{n 'net_revenue'}}", '21,480'],
    ["{{period 'net_revenue'}}", '10 to 16 August 2026'],
    ["{{standing 'new_customers'}}", 'below its expected range'],
    ["{{effect 'new-customers-fall'}}", '−498'],
    ["{{stake 'new-customers-fall'}}", '€728.0k a year'],
    ["{{stake 'revenue-up'}}", 'no stated amount'],
    ["{{param 'weeks'}}", '60'],
    ['{{tested}} and {{called}}', '12 and 3'],
    ["{{#if-has 'weekly-revenue'}}yes{{else}}no{{/if-has}}", 'yes'],
    ["{{#if-has 'year-to-date'}}yes{{else}}no{{/if-has}}", 'no'],
    ["{{heading 'What & why'}}", '<h3 class="sub">What &amp; why</h3>'],
  ])('%s', (source, expected) => {
    expect(say(source).body).toBe(expected);
  });

  it('prints a dash for a value that is null, and if-has says no', () => {
    const metrics = result.metrics.map((m) => ({ ...m, value: null }));
    expect(say("{{value 'orders'}}{{#if-has 'orders'}}known{{/if-has}}", 'in-depth', { metrics }).body).toBe('–');
  });

  it('says why an omitted figure or table is not shown', () => {
    expect(say("{{figure 'year-to-date'}}").body).toContain('Not shown: the shop has no full prior year');
    expect(say("{{table 'year-to-date'}}").body).toContain('Not shown: the shop has no full prior year');
  });

  it('shows each block at its depth and on its page alone', () => {
    const source = "loose {{#overview}}drivers{{/overview}}{{#overview 'week'}}week{{/overview}}{{#in-depth}}deep{{/in-depth}}";
    expect(say(source, 'overview')).toMatchObject({ body: '', overview: { week: 'week', drivers: 'drivers', areas: '' } });
    expect(say(source, 'in-depth')).toMatchObject({ body: 'loose deep', overview: { week: '', drivers: '', areas: '' } });
  });

  it('ranks findings and numbers the actions', () => {
    const { body } = say('{{findings}}{{actions}}{{caveats}}');
    expect(body.indexOf('New customers fell')).toBeLessThan(body.indexOf('Net revenue stands'));
    expect(body).toContain('<ol class="recs">');
    expect(body.match(/class="rec"/g)).toHaveLength(1);
    expect(body).toContain('Refunds of the last weeks');
  });

  it('gives a finding that stands twice one anchor', () => {
    expect(say("{{finding 'revenue-up'}}{{findings}}").body.match(/id="finding-sales-trends-revenue-up"/g)).toHaveLength(1);
  });

  const broken: [string, string, RegExp][] = [
    ['a missing metric', "\n{{value 'gone'}}", /narrative\.hbs:2: the result has no metric 'gone'[\s\S]*net_revenue/],
    ['a missing figure', "{{figure 'gone'}}", /no figure 'gone'/],
    ['a figure twice', "{{figure 'weekly-revenue'}}{{figure 'weekly-revenue'}}", /'weekly-revenue' stands in the report twice/],
    ['a missing table', "{{table 'gone'}}", /no table 'gone'/],
    ['a missing finding', "{{finding 'gone'}}", /no finding 'gone'/],
    ['a missing parameter', "{{param 'gone'}}", /no parameter 'gone'/],
    ['a missing comparison', "{{change 'orders' 'prior month'}}", /no comparison 'prior month'/],
    ['an id that a prototype has', "{{figure 'constructor'}}", /no figure 'constructor'/],
    ['a helper that a prototype has', '{{constructor}}', /unknown helper/],
    ['if-has of nothing known', "{{#if-has 'gone'}}x{{/if-has}}", /no figure, table or metric 'gone'/],
    ['a typed digit', '<p>Sales rose\nby 5 per cent.</p>', /a typed number in «by 5 per cent\.<\/p>»/],
    ['a digit in a heading', "{{heading 'Top 5'}}", /a typed number in the words/],
    ['a typed number as argument', '{{kpis 5}}', /literal ids in quotes/],
    ['an unknown helper', '\n\n{{headlin}}', /narrative\.hbs:3: unknown helper/],
    ['a lookup', '{{value metric}}', /literal ids in quotes/],
    ['raw output', "{{{value 'orders'}}}", /unescaped/],
    ['a partial', '{{> cover}}', /PartialStatement is not allowed/],
    ['script', '<script>x</script>', /markup <script>/],
    ['an attribute', '<p onclick="x">y</p>', /markup <p onclick/],
    ['pages inside pages', '{{#in-depth}}{{#overview}}x{{/overview}}{{/in-depth}}', /must not stand inside/],
    ['an unknown page', "{{#overview 'cover'}}x{{/overview}}", /no page 'cover'/],
    ['a block that is none', "{{#value 'orders'}}x{{/value}}", /is not a block/],
    ['too many arguments', "{{value 'orders' 'aov'}}", /takes 1 argument/],
    ['broken syntax', '{{#pair}}', /Parse error|Expecting/],
  ];
  it.each(broken)('refuses %s', (_, source, message) => {
    expect(() => say(source)).toThrow(message);
    expect(() => say(source)).toThrow(LookbookError);
    expect(() => say(source)).toThrow(/analyses\/sales-trends\/narrative\.hbs/);
  });
});
