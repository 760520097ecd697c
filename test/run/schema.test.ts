import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configJsonSchema } from '#run/schema.ts';

it('config.schema.json is what the configuration accepts', () => {
  expect(readFileSync(new URL('../../src/run/config.schema.json', import.meta.url), 'utf8')).toBe(configJsonSchema());
});
