/** The minimal standard generator (Park & Miller 1988), which other languages write in one line: expected values were computed on its data. */
export function parkMiller(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

/** Chances stated by two models and what came: 400 rows. */
export function statements(): { a: number[]; b: number[]; y: number[] } {
  const draw = parkMiller(7);
  const inside = (value: number) => Math.round(100 * Math.min(0.99, Math.max(0.01, value))) / 100;
  const [a, b, y]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < 400; i++) {
    const came = draw() < 0.3 ? 1 : 0;
    a.push(inside(0.3 * came + 0.6 * draw()));
    b.push(inside(0.15 * came + 0.8 * draw()));
    y.push(came);
  }
  return { a, b, y };
}

/** Three classes and what two methods say: 300 rows. */
export function sayings(): { actual: number[]; a: number[]; b: number[] } {
  const draw = parkMiller(11);
  const [actual, a, b]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < 300; i++) {
    const so = Math.floor(draw() * 3);
    actual.push(so);
    a.push(draw() < 0.6 ? so : Math.floor(draw() * 3));
    b.push(draw() < 0.4 ? so : Math.floor(draw() * 3));
  }
  return { actual, a, b };
}
