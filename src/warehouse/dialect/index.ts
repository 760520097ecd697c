import { dates } from './dates.ts';
import type { Helper } from './helper.ts';
import { numbers } from './numbers.ts';
import { types } from './types.ts';

/** Every dialect helper by its name in a template. */
export const helpers: Record<string, Helper> = { ...dates, ...numbers, ...types };
