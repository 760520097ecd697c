import { browsingHours, buyingHours, type Calendar, day, growthPerYear, seasonByMonth, weekdayWeights } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { categories, departments } from './categories.ts';
import { centres } from './centres.ts';
import { process, sources } from './customers.ts';
import { returnDays } from './fulfilment.ts';
import type { DemoOptions } from './options.ts';
import { countries } from './places.ts';
import type { Planted } from './planted.ts';
import { habits } from './purchases.ts';
import { brandFactor, ownDepartmentShare, strayShare, tastes } from './tastes.ts';
import { browsers, channels, conversions, visits } from './traffic.ts';

interface Named {
  product_id: number;
  name: string;
  category: string;
  department: string;
}

/** What is known to be so in a demo shop; written as truth.json beside its tables. Days are 'YYYY-MM-DD' (UTC), both ends inclusive. */
export interface DemoTruth {
  version: 1;
  options: Required<DemoOptions>;
  period: { first: string; last: string; weeks: number; last_complete_week: { first: string; last: string } };
  /** What holds exactly, in words, by subject. */
  notes: Record<string, string>;
  purchases: {
    unit: 'week';
    bgnbd: { r: number; alpha: number; a: number; b: number };
    gamma_gamma: { p: number; q: number; v: number; mean: number };
    cancelled_attempt: number;
    buyers_by_source: Record<string, number>;
    sources: Record<string, number>;
  };
  season: { weekday: number[]; buying_hours: number[]; browsing_hours: number[]; acquisition_by_month: number[]; growth_per_year: number };
  traffic: {
    sessions: number;
    purchase_sessions: number;
    anonymous_share: number;
    /** Share of sessions that end in an order. */
    conversion: number;
    conversion_by_source: Record<string, number>;
    conversion_by_browser: Record<string, number>;
  };
  tastes: { name: string; share: number; categories: Record<string, number>; brands: string[] }[];
  pairs: { first: Named; second: Named; probability: number }[];
  returns: { by_category: Record<string, number>; by_product: number[]; days: { least: number; mean: number } };
  delivery: Record<string, { ship_days: number; transit_days: number }>;
  distance: Record<string, number>;
  stock_days: Record<string, number>;
  events: {
    promotion: { first: string; last: string; category: string; discount: number; demand_factor: number; acquisition_factor: number };
    outage: { first: string; last: string; lost: number };
    faulty_product: Named & { launched: string; first: string; return_rate: number; usual_rate: number };
    fading_region: { first: string; last: string; country: string; lost_at_end: number };
  };
}

const notes = {
  operational_time:
    'Time runs in operational weeks: equal to the calendar at each Monday 00:00 UTC, and within a week paced by weekday and hour. Purchases are Poisson in it while a customer is alive.',
  purchases:
    'Orders that are not cancelled: the first one starts the process; times between the following ones are exponential with the rate of the customer, Gamma(r, rate alpha) over customers; after each repeat purchase the customer drops out with a probability that is Beta(a, b) over customers. Customers of the fading region and purchases during the outage are thinned afterwards; everything else is exactly BG/NBD.',
  spend:
    'The sum of sale_price over the items of an order is Gamma(p, nu) rounded to cents, nu is Gamma(q, rate v) over customers, for first, repeat and cancelled orders alike, and independent of the purchase process. Products are chosen to fit: their list prices (less the promotion) add up to the value or more, and one discount over the basket brings them to it.',
  cancelled:
    'An order may be preceded by a cancelled attempt of the same customer; a few customers who never buy cancel one order. Cancelled orders have a purchase session.',
  season: 'Month, growth and promotion act on sign-ups only, so repeat purchases have no yearly season. The category mix has one.',
  outage:
    'Each sign-up, order and visit in the outage is lost with the probability given; orders made within an hour of a sign-up share its fate.',
  fading_region:
    'The probability of losing a sign-up or a repeat purchase rises linearly from 0 on the first day to lost_at_end, and stays there.',
  promotion:
    'The discount is taken off the list price before the basket discount. demand_factor multiplies the weight of the category when a product is chosen; order values are unchanged, so units shift between categories.',
  pairs: 'When the first product is put into a basket and the second is affordable, the second follows with the probability given.',
  returns:
    'by_product[i] is the probability that a delivered item of product id i + 1 comes back; returns follow delivery by least days plus a gamma time.',
  delivery:
    'Mean days from order to shipping, and from shipping to delivery in the United States; transit is multiplied by the country distance.',
};

/** @param counts sessions as written and how many of them end in an order. */
export function truth(
  options: Required<DemoOptions>,
  calendar: Calendar,
  products: Product[],
  planted: Planted,
  counts: { sessions: number; orders: number },
): DemoTruth {
  const { bgnbd, gammaGamma } = process;
  const span = ({ from, to }: { from: number; to: number }) => ({ first: calendar.date(from), last: calendar.date(to - 1) });
  const named = (i: number): Named => {
    const { name, category, department } = products[i]!;
    return { product_id: i + 1, name, category: categories[category]!.name, department: departments[department]! };
  };
  const table = <T extends { name: string }, V>(rows: T[], value: (row: T, i: number) => V) =>
    Object.fromEntries(rows.map((row, i) => [row.name, value(row, i)]));
  const conversion = counts.sessions > 0 ? counts.orders / counts.sessions : 0;
  const { promotion, outage, fault, fading, pairs } = planted;
  return {
    version: 1,
    options,
    period: {
      ...span({ from: calendar.open, to: calendar.close }),
      weeks: (calendar.close - calendar.open) / (7 * day),
      last_complete_week: span({ from: calendar.anchor - 7 * day, to: calendar.anchor }),
    },
    notes,
    purchases: {
      unit: 'week',
      bgnbd,
      gamma_gamma: { ...gammaGamma, mean: (gammaGamma.p * gammaGamma.v) / (gammaGamma.q - 1) },
      cancelled_attempt: habits.cancelledAttempt,
      buyers_by_source: table(sources, ({ buys }) => buys),
      sources: table(sources, ({ share }) => share),
    },
    season: {
      weekday: weekdayWeights,
      buying_hours: buyingHours,
      browsing_hours: browsingHours,
      acquisition_by_month: seasonByMonth,
      growth_per_year: growthPerYear,
    },
    traffic: {
      sessions: counts.sessions,
      purchase_sessions: counts.orders,
      anonymous_share: visits.anonymousShare,
      conversion,
      conversion_by_source: table(channels, (_, i) => conversions(channels, conversion)[i]!),
      conversion_by_browser: table(browsers, (_, i) => conversions(browsers, conversion)[i]!),
    },
    tastes: tastes.map((taste) => ({
      ...taste,
      own_brand_factor: brandFactor,
      stray_share: strayShare,
      own_department_share: ownDepartmentShare,
    })),
    pairs: pairs.map(({ first, second, probability }) => ({ first: named(first), second: named(second), probability })),
    returns: {
      by_category: table(categories, ({ returns }) => returns),
      by_product: products.map(({ returns }) => Math.round(returns * 1e6) / 1e6),
      days: returnDays,
    },
    delivery: table(centres, ({ shipDays, transitDays }) => ({ ship_days: shipDays, transit_days: transitDays })),
    distance: table(countries, ({ distance }) => distance),
    stock_days: table(categories, ({ stockDays }) => stockDays),
    events: {
      promotion: {
        ...span(promotion),
        category: categories[promotion.category]!.name,
        discount: promotion.discount,
        demand_factor: promotion.demand,
        acquisition_factor: promotion.acquisition,
      },
      outage: { ...span(outage), lost: outage.lost },
      faulty_product: {
        ...named(fault.product),
        launched: calendar.date(Math.max(calendar.open, products[fault.product]!.launch)),
        first: calendar.date(fault.from),
        return_rate: fault.returns,
        usual_rate: fault.usual,
      },
      fading_region: { ...span(fading), country: countries[fading.country]!.name, lost_at_end: fading.lost },
    },
  };
}
