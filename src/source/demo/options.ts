import { LookbookError } from '#contract/error.ts';

/** What a demo shop is made from; the same options give the same bytes. */
export interface DemoOptions {
  /** Sign-ups in the whole period, buyers or not. */
  customers: number;
  seed: number;
  /** Last day, 'YYYY-MM-DD', inclusive. */
  end: string;
  /** Length of the period, rounded to whole weeks; 3 unless told. */
  years?: number;
}

/** Small enough for a whole run of reports within a minute; the end is a Sunday, so the last ISO week is complete. */
export const demoDefaults = { customers: 12_000, seed: 20, end: '2026-11-15', years: 3 } as const;

const longest = { customers: 5_000_000, years: 30 };

/**
 * @returns the options with defaults filled in.
 * @throws LookbookError (usage) for a count that is no whole number, an unknown day, or a period out of bounds.
 */
export function checkOptions({ customers, seed, end, years = demoDefaults.years }: DemoOptions): Required<DemoOptions> {
  const fail = (where: string, expected: string, found: unknown): never => {
    throw new LookbookError('usage', {
      what: 'not usable for the demo shop',
      where,
      expected,
      found: String(found),
      mend: `change ${where}`,
    });
  };
  if (!Number.isInteger(customers) || customers < 0 || customers > longest.customers) {
    fail('customers', `a whole number from 0 to ${longest.customers}`, customers);
  }
  if (!Number.isFinite(seed)) fail('seed', 'a number', seed);
  const day = new Date(`${end}T00:00:00Z`);
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(end) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== end) {
    fail('end', "a day as 'YYYY-MM-DD'", end);
  }
  if (!(years >= 1 / 52 && years <= longest.years)) fail('years', `from one week (0.02) to ${longest.years}`, years);
  return { customers, seed, end, years };
}
