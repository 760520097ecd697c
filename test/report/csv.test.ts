import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv, figureCsv, tableCsv } from '#report/csv.ts';
import { fixture } from './fixture.ts';

const one = (cell: string | number | boolean | null) => csv([{ key: 'a', label: 'a' }], [{ a: cell }]).split('\r\n')[1];

describe('csv', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    [null, ''],
    [true, 'true'],
    [0.1, '0.1'],
    [-5, '-5'],
    [1e21, '1e+21'],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@sum', "'@sum"],
    ['\tx', "'\tx"],
    ['\r=1', `"'\r=1"`],
    ['a=b', 'a=b'],
    ['', ''],
  ])('writes %j as %j', (cell, expected) => {
    expect(one(cell)).toBe(expected);
  });

  it('guards column names too and fills missing cells', () => {
    expect(
      csv(
        [
          { key: 'a', label: '=a' },
          { key: 'b', label: 'b' },
        ],
        [{ a: 1 }],
      ),
    ).toBe("'=a,b\r\n1,\r\n");
  });

  it('reads back as what was written, but for the guard', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: fc.string(), b: fc.string() }), { minLength: 1, maxLength: 5 }), (rows) => {
        const back = parse(
          csv(
            ['a', 'b'].map((key) => ({ key, label: key })),
            rows,
          ),
        ).slice(1);
        const guarded = (text: string) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);
        expect(back).toEqual(rows.map(({ a, b }) => [guarded(a), guarded(b)]));
      }),
    );
  });

  it('takes the columns of all rows of a figure, and the total of a table', () => {
    const { result } = fixture('overview').sections[1]!;
    if ('unavailable' in result) throw new Error('the fixture has regions');
    expect(figureCsv({ ...result.figures[0]!, rows: [{ a: 1 }, { b: 2 }] })).toBe('a,b\r\n1,\r\n,2\r\n');
    expect(tableCsv(result.tables[0]!).trimEnd().split('\r\n').at(-1)).toMatch(/^All regions,21480,/);
  });
});

/** A small RFC 4180 reader. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    let cell = '';
    if (text[at] === '"') {
      at += 1;
      for (; at < text.length; at += 1) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[++at];
        else break;
      }
      at += 1;
    } else while (at < text.length && text[at] !== ',' && !text.startsWith('\r\n', at)) cell += text[at++];
    row.push(cell);
    if (text[at] === ',') at += 1;
    else {
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
