import { LookbookError } from '#contract/error.ts';
import { nearest } from '#contract/nearest.ts';
import type { PublishedRun } from '#run/artifacts.ts';

/** Which published run to read. */
export interface RunWish {
  /** Shop; the only one published unless given. */
  shop?: string | null;
  /** Day of the run, 'YYYY-MM-DD'; the newest unless given. */
  asOf?: string | null;
}

export interface RunChoice {
  run: PublishedRun;
  /** Newer days of the shop that were passed over for want of what was asked for. */
  passedOver: string[];
}

const make = 'npm run report';

/**
 * The newest run, or the day's, that carries all of `needs`.
 * @param runs newest day of each shop first.
 * @param needs names of artifacts, '<analysis>/<name>'.
 * @param out folder that the runs come from, for the error.
 * @throws LookbookError: usage for an unknown shop or day, source where nothing is published or the run lacks what is needed.
 */
export function chooseRun(runs: PublishedRun[], { shop, asOf }: RunWish, needs: readonly string[], out: string): RunChoice {
  const shops = [...new Set(runs.map((run) => run.shop))];
  if (shops.length === 0) throw new LookbookError('source', { what: 'no run is published', where: out, mend: `make one: ${make}` });
  const id = shop ?? (shops.length === 1 ? shops[0] : undefined);
  if (id === undefined || !shops.includes(id)) throw noShop(id, shops);
  const own = runs.filter((run) => run.shop === id);
  const dated = asOf ? own.filter((run) => run.asOf === asOf) : own;
  if (dated.length === 0) {
    const guess = nearest(
      asOf as string,
      own.map((run) => run.asOf),
    );
    throw new LookbookError('usage', {
      what: `no run of ${id} for this day`,
      where: 'as-of',
      expected: own.map((run) => run.asOf).join(', '),
      found: asOf as string,
      mend: `${guess ? `take ${guess}, or ` : ''}make it: ${make} -- --shop ${id} --as-of ${asOf}`,
    });
  }
  const at = dated.findIndex((run) => needs.every((name) => Object.hasOwn(run.artifacts, name)));
  if (at < 0) {
    const analyses = [...new Set(needs.map((name) => name.split('/')[0]))].join(' ');
    throw new LookbookError('source', {
      what: `no published run has ${needs.join(' and ')}`,
      where: dated.map((run) => run.folder).join(', '),
      mend: `publish a report that holds ${analyses}: ${make}`,
    });
  }
  return { run: dated[at] as PublishedRun, passedOver: dated.slice(0, at).map((run) => run.asOf) };
}

function noShop(id: string | undefined, shops: string[]): LookbookError {
  const guess = id === undefined ? null : nearest(id, shops);
  return new LookbookError('usage', {
    what: id === undefined ? 'several shops are published' : 'nothing is published of this shop',
    where: 'shop',
    expected: shops.join(', '),
    ...(id === undefined ? {} : { found: id }),
    mend: guess ? `did you mean «${guess}»?` : 'name one of them',
  });
}
