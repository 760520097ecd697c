import { type Index, readIndex } from '#recommender/index.ts';
import { type Histories, kinds, pick, purchase } from '#recommender/interactions.ts';
import { type Reason, reasonOf } from '#recommender/reason.ts';
import { type Recommendation, type Recommender, recommender } from '#recommender/recommender.ts';
import { likeness } from '#recommender/scorer.ts';
import { idOf } from './id-index.ts';
import { emptyListed, encodeWhy, type Listed, type Why } from './listed.ts';
import type { Offers } from './offers.ts';
import { orderOf, placeOf } from './places.ts';

/** A question in numbers: rows of customers, positions of products and places. */
export type Wish =
  /** For a customer with a history. */
  | { kind: 'customer'; customer: number; k: number; exclude: readonly number[] }
  /** For someone of whom nothing is known but where they live. */
  | { kind: 'popular'; place: number; k: number; exclude: readonly number[] }
  | { kind: 'basket'; products: readonly number[]; k: number; exclude: readonly number[] }
  | { kind: 'similar'; product: number; k: number };

/** Makes lists from an index: exact, the same each time. A list takes up to some milliseconds, so requests don't make theirs themselves. */
export class Adviser {
  readonly #offers: Offers;
  readonly #index: Index;
  readonly #recommender: Recommender;
  /** The one history that the recommender holds: that of whoever is asked about. */
  readonly #own: Histories = { offsets: new Int32Array(2), product: new Int32Array(), day: new Int32Array(), kind: new Uint8Array() };
  readonly #likeness: ReturnType<typeof likeness>;
  readonly #orders = new Map<number, Float32Array>();

  /** @param index that of `offers`, where it has been read already. */
  constructor(offers: Offers, index = readIndex(offers.bytes)) {
    this.#offers = offers;
    this.#index = index;
    this.#recommender = recommender({ ...index, customers: [''], histories: this.#own });
    this.#likeness = likeness(index.content.dimensions, index.content.values, index.popularity);
  }

  list(wish: Wish): Listed {
    if (wish.kind === 'similar') return this.#similar(wish.product, wish.k);
    const exclude = wish.exclude.map((product) => this.#id(product));
    if (wish.kind === 'popular') return this.#popular(wish.place, wish.k, exclude);
    if (wish.kind === 'customer') return this.#forCustomer(wish.customer, wish.k, exclude);
    const basket = wish.products.map((product) => this.#id(product));
    const { list } = this.#recommender.forProducts(basket, { k: wish.k, exclude: [...exclude, ...basket] });
    return listedOf(list, ({ reason }) => whyOf(reason, () => purchase));
  }

  /** Customers with a history, those who did something last coming first. */
  customers(): Uint32Array {
    const { residents } = this.#offers;
    const last = new Int32Array(residents.count);
    const rows: number[] = [];
    for (let row = 0; row < residents.count; row++) {
      const { histories, at } = this.#where(row);
      const end = histories.offsets[at + 1] ?? 0;
      if (end <= (histories.offsets[at] ?? 0)) continue;
      last[row] = histories.day[end - 1]!;
      rows.push(row);
    }
    return Uint32Array.from(rows).sort((a, b) => last[b]! - last[a]! || a - b);
  }

  /** Products, those bought most lately coming first. */
  products(): Uint32Array {
    const { popularity } = this.#index;
    return Uint32Array.from(popularity.keys()).sort((a, b) => popularity[b]! - popularity[a]! || a - b);
  }

  #forCustomer(row: number, k: number, exclude: string[]): Listed {
    const { histories, at } = this.#where(row);
    const had = pick(histories, [at]);
    Object.assign(this.#own, had);
    const { list } = this.#recommender.forCustomer('', { k, exclude });
    const deedWith = (product: number) => had.product.reduce((most, p, e) => (p === product ? Math.max(most, had.kind[e]!) : most), 0);
    return listedOf(list, ({ reason }) => whyOf(reason, deedWith));
  }

  #where(row: number): { histories: Histories; at: number } {
    const { inIndex, histories } = this.#offers.residents;
    const position = inIndex[row]!;
    return position >= 0 ? { histories: this.#index.histories, at: position } : { histories, at: row };
  }

  #popular(place: number, k: number, exclude: string[]): Listed {
    const { places } = this.#offers;
    const order = this.#orders.get(place) ?? orderOf(places, place, this.#index.popularity);
    this.#orders.delete(place);
    this.#orders.set(place, order);
    if (this.#orders.size > ordersKept) this.#orders.delete(this.#orders.keys().next().value as number);
    Object.assign(this.#own, { offsets: new Int32Array(2), product: nothing, day: nothing, kind: new Uint8Array() });
    const { list } = this.#recommender.forCustomer('', { k, exclude, popularity: order });
    const found = list.map(({ product, score }) => ({ product, ...placeOf(places, place, score) }));
    return listedOf(
      found.map(({ product, customers }) => ({ product, score: customers })),
      (_, i) => ({ kind: 'popular', because: found[i]!.place, deed: 'view', shared: [] }),
    );
  }

  #similar(product: number, k: number): Listed {
    const list = this.#recommender.similar(this.#id(product), k)!;
    const weighted = { offsets: Int32Array.of(0, 1), product: Int32Array.of(product), weight: Float32Array.of(1) };
    const bare = { ...this.#index, served: 'content', neighbours: null } as const;
    return listedOf(
      list.map(({ product: other, similarity }) => ({ product: other, score: similarity })),
      ({ product: other }) => whyOf(reasonOf(bare, this.#likeness, weighted, other), () => 0),
    );
  }

  #id(product: number): string {
    return idOf(this.#offers.products.ids, product);
  }
}

const ordersKept = 64;
const nothing = new Int32Array();

function listedOf<One extends Pick<Recommendation, 'product' | 'score'>>(list: readonly One[], why: (one: One, i: number) => Why): Listed {
  const listed = emptyListed(list.length);
  list.forEach((one, i) => {
    const reason = why(one, i);
    listed.product[i] = one.product;
    listed.score[i] = one.score;
    listed.because[i] = reason.because;
    listed.why[i] = encodeWhy(reason);
  });
  return listed;
}

function whyOf(reason: Reason, deedWith: (product: number) => number): Why {
  if (reason.kind === 'popular') return { kind: 'popular', because: -1, deed: 'view', shared: [] };
  const { kind, because } = reason;
  return { kind, because, deed: kinds[deedWith(because)]!, shared: kind === 'similar' ? reason.shared : [] };
}
