import { describe, expect, test } from 'vitest';
import { type RenderContext, renderSql } from '#warehouse/render.ts';

const context: RenderContext = {
  ...{ dialect: 'duckdb', wall: '2026-08-17 00:00:00', asOf: '2026-08-16', week: '2026-08-10', timezone: 'UTC', label: 'sales' },
  ref: (name) => `"${name}"`,
  source: (name) => `"raw_${name}"`,
  params: { top: 10, word: "it's", share: 0.5, on: true, none: null },
};

test.each([
  ["select * from {{ref 'orders'}}", 'select * from "orders"', 'select * from "orders"'],
  ["select * from {{source 'orders'}}", 'select * from "raw_orders"', 'select * from "raw_orders"'],
  ['{{wall}}', "timestamp '2026-08-17 00:00:00'", "timestamp '2026-08-17 00:00:00+00'"],
  ['{{as_of}} {{week}}', "date '2026-08-16' date '2026-08-10'", "date '2026-08-16' date '2026-08-10'"],
  ["{{param 'top'}} {{param 'share'}} {{param 'on'}} {{param 'none'}}", '10 0.5 true null', '10 0.5 true null'],
  ["{{param 'word'}}", "'it''s'", "'it\\'s'"],
  ["{{week_start (local_date 'x')}}", "cast(date_trunc('week', cast(x as date)) as date)", "date_trunc(date(x, 'UTC'), isoweek)"],
  ["x < 3 and y > 'a & b'", "x < 3 and y > 'a & b'", "x < 3 and y > 'a & b'"],
])('%s', (template, duckdb, googlesql) => {
  expect(renderSql(template, context)).toBe(duckdb);
  expect(renderSql(template, { ...context, dialect: 'googlesql' })).toBe(googlesql);
});

describe('what cannot be rendered names the model', () => {
  test.each<[string, Partial<RenderContext>, RegExp]>([
    ["{{nope 'x'}}", {}, /^sales: .*nope/],
    ['{{nope}}', {}, /^sales: .*nope/],
    ["{{week_start 'a' 'b'}}", {}, /^sales: .*week_start.* takes \(date\), not 2/],
    ['{{ref}}', {}, /^sales: .*takes \(name\), not 0/],
    ["{{ref 'a; drop table b'}}", {}, /^sales: .*not a name of a model/],
    ["{{source 'Orders'}}", {}, /^sales: .*not a name of a raw table/],
    ["{{param 'constructor'}}", {}, /^sales: .*no parameter 'constructor'/],
    ['{{constructor}}', {}, /^sales: /],
    ["{{type 'text'}}", {}, /unknown type 'text'/],
    ["{{ref 'a'", {}, /^sales: /],
    ['select 1', { timezone: "UTC'; drop" }, /timezone is/],
    ['select 1', { asOf: '16.08.2026' }, /asOf is/],
    ['select 1', { wall: '2026-08-17' }, /wall is/],
    ["{{param 'bad'}}", { params: { bad: Number.NaN } }, /NaN/],
  ])('%s %o', (template, other, message) => {
    expect(() => renderSql(template, { ...context, ...other })).toThrow(message);
  });
});
