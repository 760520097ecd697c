import { expect, it } from 'vitest';
import { formatter } from '#contract/format.ts';
import type { Table } from '#contract/table.ts';
import { namesOf } from '#report/names.ts';
import { tableView } from '#report/table.ts';
import { fixture } from './fixture.ts';

const model = fixture('in-depth');
const format = formatter(model.run.shop);
const place = { analysis: 'sales-trends', method: '' };

it('gives differences their sign, and colour where a direction is good', () => {
  const table: Table = {
    id: 'steps',
    title: 'Steps',
    subtitle: 'Money',
    columns: [
      { key: 'step', label: 'Step', type: 'text' },
      { key: 'plain', label: 'Change', type: 'money', signed: true },
      { key: 'judged', label: 'Change', type: 'money', signed: true, polarity: 'down' },
      { key: 'level', label: 'Value', type: 'money', polarity: 'up' },
    ],
    rows: [{ step: 'Refunds', plain: 12.5, judged: 12.5, level: 12.5 }],
  };
  const [row] = tableView(table, place, namesOf(model), format).rows;
  expect(row!.cells.map(({ text, tone }) => [text, tone])).toEqual([
    ['+€12.50', 'flat'],
    ['+€12.50', 'bad'],
    ['€12.50', ''],
  ]);
});

it('leaves blank what a total can not have, and marks what a row lacks', () => {
  const table: Table = {
    id: 'places',
    title: 'Places',
    subtitle: 'Orders',
    columns: [
      { key: 'place', label: 'Place', type: 'text' },
      { key: 'orders', label: 'Orders', type: 'count' },
    ],
    rows: [{ place: 'Spain', orders: null }],
    total: { place: 'All', orders: null },
  };
  const view = tableView(table, place, namesOf(model), format);
  expect(view.rows[0]!.cells[0]!.text).toBe('–');
  expect(view.total!.cells[0]!.text).toBe('');
});
