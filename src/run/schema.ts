import { z } from 'zod';
import { configSchema } from './config.ts';

/** The JSON Schema of lookbook.config.json, for editors; `config.schema.json` beside this file holds it. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { unrepresentable: 'any' });
  return `${JSON.stringify({ title: 'Lookbook configuration', ...schema }, null, 2)}\n`;
}
