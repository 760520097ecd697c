/** The products that may be recommended, by position: column i of each belongs to product i. */
export interface Catalogue {
  /** Each once. */
  ids: readonly string[];
  names: readonly string[];
  brands: readonly (string | null)[];
  categories: readonly (string | null)[];
  /** In the shop's currency; NaN where unknown. */
  prices: Float64Array;
}

/** @throws RangeError for columns of different lengths, an id that stands twice, or a price below 0. */
export function checkCatalogue(catalogue: Catalogue): Catalogue {
  const { ids, names, brands, categories, prices } = catalogue;
  for (const [name, column] of Object.entries({ names, brands, categories, prices })) {
    if (column.length !== ids.length) throw new RangeError(`catalogue: expected ${ids.length} ${name} as ids, found ${column.length}`);
  }
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw new RangeError(`catalogue: expected each id once, found ${JSON.stringify(id)} twice`);
    seen.add(id);
  }
  const wrong = prices.findIndex((price) => price < 0 || Math.abs(price) === Number.POSITIVE_INFINITY);
  if (wrong >= 0)
    throw new RangeError(`catalogue: expected prices of at least 0, found ${prices[wrong]} for ${JSON.stringify(ids[wrong])}`);
  return catalogue;
}

/** Position of each id. */
export function positions(ids: readonly string[]): Map<string, number> {
  return new Map(ids.map((id, i) => [id, i]));
}
