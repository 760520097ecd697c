/** Remembers the values asked for last. */
export class Lru<V> {
  readonly #most: number;
  readonly #known = new Map<string, V>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The value of a key, made if it isn't there. */
  get(key: string, make: () => V): V {
    const known = this.#known.get(key) ?? make();
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size > this.#most) this.#known.delete(this.#known.keys().next().value as string);
    return known;
  }

  delete(key: string): void {
    this.#known.delete(key);
  }
}
