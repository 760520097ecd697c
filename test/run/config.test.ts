import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LookbookError } from '#contract/error.ts';
import { parseConfig, readConfig } from '#run/config.ts';
import { scratch } from '../scratch.ts';

describe('configuration', () => {
  it('is empty where there is no file', async () => {
    expect(await readConfig(scratch())).toEqual({});
  });

  it('reads lookbook.config.json', async () => {
    const dir = scratch();
    writeFileSync(join(dir, 'lookbook.config.json'), '{"shop":"thelook","data":"rows","demo":{"customers":10}}');
    expect(await readConfig(dir)).toEqual({ shop: 'thelook', data: 'rows', demo: { customers: 10 } });
  });

  it('reads the default export of lookbook.config.ts', async () => {
    const dir = scratch();
    writeFileSync(join(dir, 'lookbook.config.ts'), "export default { currency: 'EUR' as const };");
    expect(await readConfig(dir)).toEqual({ currency: 'EUR' });
  });

  it('refuses two files', async () => {
    const dir = scratch();
    writeFileSync(join(dir, 'lookbook.config.ts'), 'export default {};');
    writeFileSync(join(dir, 'lookbook.config.json'), '{}');
    await expect(readConfig(dir)).rejects.toThrow('two configuration files');
  });

  it('says where a file is broken', async () => {
    const dir = scratch();
    writeFileSync(join(dir, 'lookbook.config.json'), '{"shop":');
    await expect(readConfig(dir)).rejects.toThrow(/lookbook\.config\.json: cannot be read/);
  });

  it.each([
    [{ curency: 'EUR' }, 'unknown key «curency»', 'did you mean «currency»?'],
    [{ demo: { custmers: 5 } }, 'unknown key «demo.custmers»', 'did you mean «customers»?'],
    [{ timezone: 'Mars/Olympus' }, '«timezone»', 'IANA timezone'],
    [{ currency: 'euro' }, '«currency»', 'ISO 4217'],
    [{ locale: 'not a locale' }, '«locale»', 'BCP 47'],
    [{ asOf: '1 May' }, '«asOf»', 'YYYY-MM-DD'],
    [{ formats: ['docx'] }, '«formats.0»', 'html'],
    [{ seed: -1 }, '«seed»', '0'],
    [undefined, '«configuration»', 'object'],
  ])('names what is wrong in %j', (value, what, hint) => {
    const error = (() => {
      try {
        parseConfig(value, 'lookbook.config.ts');
      } catch (e) {
        return e as LookbookError;
      }
    })();
    expect(error).toBeInstanceOf(LookbookError);
    expect(error?.exitCode).toBe(2);
    expect(error?.message).toContain(what);
    expect(error?.message).toContain(hint);
  });
});
