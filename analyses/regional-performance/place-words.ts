import { prose } from '#contract/prose.ts';
import type { Growth } from './growth.ts';
import { type Regions, spanWeeks } from './regions.ts';

/** 'the thirteen weeks before and the same weeks last year': what places are judged by. */
export function baseWords({ growth, format }: Regions): string {
  const before = prose`the ${format.count(spanWeeks)} weeks before`;
  return growth.hasYear ? prose`${before} and the same weeks last year` : before;
}

/** 'fades', 'grows': what a called place does. */
export function verb({ ratio }: Growth): 'fades' | 'grows' {
  return ratio < 1 ? 'fades' : 'grows';
}

/** '37.0% below', '12.1% above' its expectation. */
export function offWords({ format }: Regions, { ratio }: Pick<Growth, 'ratio'>): string {
  return `${format.share(Math.abs(ratio - 1))} ${ratio < 1 ? 'below' : 'above'}`;
}

/** Called countries and states, the largest amount at stake first. */
export function calledPlaces({ growth }: Regions): { country: Growth[]; state: Growth[] } {
  const size = (place: Growth) => Math.abs(place.expected - place.now) * place.worth;
  const order = (list: Growth[]) =>
    list.filter(({ isCalled }) => isCalled).toSorted((a, b) => size(b) - size(a) || (a.name < b.name ? -1 : 1));
  return { country: order(growth.countries), state: order(growth.states) };
}
