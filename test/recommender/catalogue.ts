import type { Catalogue } from '#recommender/catalogue.ts';

/** Products 'p0', 'p1', … from name, category, brand and price, of which all but the name may be left out. */
export function catalogueOf(products: [name: string, category?: string | null, brand?: string | null, price?: number][]): Catalogue {
  return {
    ids: products.map((_, i) => `p${i}`),
    names: products.map(([name]) => name),
    categories: products.map(([, category = null]) => category),
    brands: products.map(([, , brand = null]) => brand),
    prices: Float64Array.from(products, ([, , , price = Number.NaN]) => price),
  };
}
