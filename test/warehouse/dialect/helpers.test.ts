import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { helpers } from '#warehouse/dialect/index.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { renderSql } from '#warehouse/render.ts';

const at = (timezone: string, dialect: 'duckdb' | 'googlesql' = 'duckdb') => ({
  ...{ dialect, timezone, wall: '2026-08-17 00:00:00', asOf: '2026-08-16', week: '2026-08-10' },
  ref: String,
  source: String,
});

/** Template, its value in DuckDB (computed by hand), the shop's zone where it matters. */
const cases: [string, unknown, string?][] = [
  [`{{local_date "timestamp '2021-01-01 01:30:00'"}}`, '2021-01-01'],
  [`{{local_date "timestamp '2021-01-01 01:30:00'"}}`, '2020-12-31', 'America/Sao_Paulo'],
  [`{{local_date "timestamp '2026-03-29 22:30:00'"}}`, '2026-03-30', 'Europe/Berlin'],
  [`{{local_hour "timestamp '2026-03-29 00:30:00'"}}`, 1, 'Europe/Berlin'],
  [`{{local_hour "timestamp '2026-03-29 01:30:00'"}}`, 3, 'Europe/Berlin'],
  [`{{local_hour "timestamp '2021-01-01 01:30:00'"}}`, 1],
  [`{{weekday "date '2026-08-16'"}}`, 7],
  [`{{weekday "date '2026-08-17'"}}`, 1],
  [`{{week_start "date '2021-01-03'"}}`, '2020-12-28'],
  [`{{week_start "date '2021-01-04'"}}`, '2021-01-04'],
  [`{{month_start "date '2024-02-29'"}}`, '2024-02-01'],
  [`{{year_start "date '2024-02-29'"}}`, '2024-01-01'],
  [`{{iso_week "date '2021-01-03'"}}`, 53],
  [`{{iso_year "date '2021-01-03'"}}`, 2020],
  [`{{add_days "date '2024-02-28'" 2}}`, '2024-03-01'],
  [`{{add_days "date '2024-03-01'" -1}}`, '2024-02-29'],
  [`{{add_months "date '2024-01-31'" 1}}`, '2024-02-29'],
  [`{{days_between "date '2024-02-28'" "date '2024-03-01'"}}`, 2],
  [`{{weeks_between "date '2021-01-03'" "date '2021-01-04'"}}`, 1],
  [`{{months_between "date '2020-12-31'" "date '2021-02-01'"}}`, 2],
  [`{{whole_days "timestamp '2021-01-01 12:00:00'" "timestamp '2021-01-03 11:59:59'"}}`, 1],
  [`{{whole_hours "timestamp '2021-01-01 12:30:00'" "timestamp '2021-01-01 14:29:00'"}}`, 1],
  [`{{seconds_between "timestamp '2021-01-01 00:00:00.9'" "timestamp '2021-01-01 00:00:02.1'"}}`, 1],
  [`(select count(*) from {{date_series "(select date '2021-01-30' as a, date '2021-02-02' as b)" 'a' 'b' 'day'}} as days)`, 4],
  [
    `(select max(day) from {{date_series "(select date '2020-12-01' as a, date '2021-02-15' as b)" 'a' 'b' 'month'}} as days)`,
    '2021-02-01',
  ],
  [`(select count(*) from {{date_series "(select cast(null as date) as a, date '2021-02-15' as b)" 'a' 'b' 'day'}} as days)`, 0],
  [`{{numeric 'cast(2.675 as double)'}}`, 2.68],
  [`{{numeric 'cast(-2.675 as double)'}}`, -2.68],
  [`{{numeric 'cast(15.899999618530272 as double)'}}`, 15.9],
  [`{{money_share 'cast(10.01 as decimal(18, 2))' 'cast(0.5 as double)'}}`, 5.01],
  [`{{money '1.25 * 3'}}`, 3.75],
  [`(select {{sum_money 'x'}} from (select cast(0.1 as decimal(18, 2)) as x from range(10)))`, 1],
  [`(select {{sum_money 'x'}} from (select cast(1 as decimal(18, 2)) as x where false))`, 0],
  [`(select {{sum_money_if 'x' 'n > 7'}} from (select cast(0.1 as decimal(18, 2)) as x, range as n from range(10)))`, 0.2],
  [`(select {{sum_int 'n'}} from (select range as n from range(5)))`, 10],
  [`(select {{sum_int_if 'n' 'n > 9'}} from (select range as n from range(5)))`, 0],
  [`(select {{count_if 'n > 2'}} from (select range as n from range(5)))`, 2],
  [`(select {{any_true 'n > 2'}} from (select range as n from range(5)))`, true],
  [`(select {{any_true 'n > 2'}} from (select 1 as n where false))`, false],
  [`{{safe_divide 1 4}}`, 0.25],
  [`{{safe_divide 1 0}}`, null],
  [`(select {{mean 'x'}} from (values (0.1), (0.2), (null)) as t(x))`, 0.15],
  [`{{int_divide 7 2}}`, 3],
  [`(select {{first_by 'x' 'k' 't'}} from (values ('b', 1, 2), ('a', 1, 1), (null, 0, 0)) as r(x, k, t))`, 'a'],
  [`cast(1 as {{type 'float64'}})`, 1],
  [`{{null_of 'date'}}`, null],
  [`{{string 12}}`, '12'],
  [`{{int64 "'12'"}}`, 12],
  [`{{float64 "'1.5'"}}`, 1.5],
  [`{{date_text "date '2021-01-03'"}}`, '2021-01-03'],
  [`{{text "it's"}}`, "it's"],
  [`{{regexp_extract "'/product/12'" '^/product/([0-9]+)'}}`, '12'],
  [`{{regexp_extract "'/cart'" '^/product/([0-9]+)'}}`, null],
  [`{{regexp_contains "'/cart'" '^/c'}}`, true],
];

describe('in DuckDB', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openDuckDB();
  });
  afterAll(() => engine.close());

  test.each(cases)('%s is %s', async (template, expected, zone = 'UTC') => {
    const { value } = await engine.columns(`select ${renderSql(template, at(zone))} as value`);
    expect(value![0]).toBe(expected);
  });
});

test('every helper has a case', () => {
  const used = new Set(cases.flatMap(([template]) => [...template.matchAll(/{{(\w+)/g)].map((found) => found[1])));
  expect(Object.keys(helpers).filter((name) => !used.has(name))).toEqual([]);
});

test.each([
  ["{{local_date 'x'}}", "date(x, 'America/Sao_Paulo')"],
  ["{{local_hour 'x'}}", "extract(hour from x at time zone 'America/Sao_Paulo')"],
  ["{{weekday 'd'}}", '(mod(extract(dayofweek from d) + 5, 7) + 1)'],
  ["{{week_start 'd'}}", 'date_trunc(d, isoweek)'],
  ["{{add_days 'd' -84}}", 'date_add(d, interval -84 day)'],
  ["{{days_between 'a' 'b'}}", 'date_diff(b, a, day)'],
  ["{{whole_days 'a' 'b'}}", 'timestamp_diff(b, a, day)'],
  ["{{numeric 'x'}}", 'round(cast(x as numeric), 2)'],
  ["{{sum_money 'x'}}", "coalesce(sum(x), numeric '0')"],
  ["{{count_if 'x'}}", 'countif(x)'],
  ["{{safe_divide 'a' 'b'}}", 'safe_divide(cast(a as float64), cast(b as float64))'],
  ["{{first_by 'x' 'k' 't'}}", 'array_agg(x ignore nulls order by k, t limit 1)[safe_offset(0)]'],
  ["{{regexp_extract 'x' '^/([0-9]+)'}}", "nullif(regexp_extract(x, r'^/([0-9]+)'), '')"],
  ["{{date_series 'r' 'a' 'b' 'day'}}", '(select day from r, unnest(generate_date_array(a, b, interval 1 day)) as day)'],
])('%s in GoogleSQL', (template, expected) => {
  expect(renderSql(template, at('America/Sao_Paulo', 'googlesql'))).toBe(expected);
});
