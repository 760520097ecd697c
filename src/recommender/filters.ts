import type { Backend } from './backend.ts';
import { type EaseOptions, ease, easeNeighbours } from './ease.ts';
import { bought, type Histories } from './interactions.ts';
import { type ItemItemOptions, itemItem, type Neighbours, withSelf } from './item-item.ts';

export interface FilterOptions {
  itemItem: ItemItemOptions;
  ease: EaseOptions;
  /** Neighbours kept of EASE^R. */
  easeNeighbours: number;
}

export type FilterName = 'item-item' | 'ease';

/** A collaborative filter as it is served: with products that are bought again as their own neighbours. */
export function fitFilter(
  name: FilterName,
  histories: Histories,
  isRepeat: Uint8Array,
  products: number,
  options: FilterOptions,
  backend: Backend,
): Neighbours {
  const matrix = bought(histories);
  const neighbours =
    name === 'ease'
      ? easeNeighbours(ease(matrix, products, backend, options.ease), options.easeNeighbours)
      : itemItem(matrix, products, options.itemItem);
  return withSelf(neighbours, isRepeat);
}

/** Both of them. */
export function fitFilters(histories: Histories, isRepeat: Uint8Array, products: number, options: FilterOptions, backend: Backend) {
  const filter = (name: FilterName) => fitFilter(name, histories, isRepeat, products, options, backend);
  return { 'item-item': filter('item-item'), ease: filter('ease') } satisfies Record<FilterName, Neighbours>;
}
