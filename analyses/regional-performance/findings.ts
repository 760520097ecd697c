import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { ratio } from '../shared/change.ts';
import { weeksSpan } from '../shared/day.ts';
import { counted, percent, someOf } from '../shared/words.ts';
import { deliveryFindings } from './findings-delivery.ts';
import { falseDiscovery, type Growth, growthFloor } from './growth.ts';
import { baseWords, calledPlaces, offWords, verb } from './place-words.ts';
import { aovFloor, type Regions, spanWeeks } from './regions.ts';

const yearWeeks = 52;
const most = 4;
/** A shop leans on one country from this share of net revenue on. */
const leaning = 0.5;

export function regionFindings(regions: Regions): Finding[] {
  return [
    ...growthFindings(regions, 'country'),
    ...growthFindings(regions, 'state'),
    ...concentration(regions),
    ...basketFindings(regions),
    ...deliveryFindings(regions),
  ];
}

function growthFindings(regions: Regions, what: 'country' | 'state'): Finding[] {
  const { format, growth } = regions;
  const judged = what === 'country' ? growth.countries : growth.states;
  const many = what === 'country' ? 'countries' : 'states';
  const called = calledPlaces(regions)[what];
  const rule = prose`BH-adjusted test over ${counted(format, judged.length, what, many)}, from ${percent(format, growthFloor)} off`;
  const n = judged.reduce((sum, { now }) => sum + now, 0);
  const proof = what === 'country' && judged.length > 1 ? 'growth' : what === 'country' ? 'country-table' : 'states-table';
  if (judged.length === 0) {
    if (what === 'state') return [];
    return [
      {
        ...{ id: `growth-${what}`, kind: 'nothing', direction: 'neutral', stake: null, proof },
        claim: prose`Growth by ${what} can't be judged yet`,
        detail: growth.isKnown
          ? prose`At least two ${many} with enough orders are needed.`
          : prose`Two spans of ${format.count(spanWeeks)} complete weeks are needed.`,
        evidence: { level: 'low', rule: prose`too little history`, n },
      },
    ];
  }
  const findings = called.slice(0, most).map((place, i) => ({
    ...calledFinding(regions, place, what, rule, proof),
    // The first keeps one id, which the narrative names.
    id: i === 0 ? `growth-${what}` : `growth-${what}-${slug(place.name)}`,
  }));
  const others = judged.length - called.length;
  const open = judged.filter(({ isUnconfirmed }) => isUnconfirmed).map(({ name }) => name);
  const doubt =
    open.length > 0
      ? prose`${listed(open.slice(0, most))} ${open.length === 1 ? 'differs' : 'differ'} from these spans together, but not from each of them: worth watching, not a signal.`
      : '';
  if (others === 0) return findings;
  findings.push({
    ...{ id: called.length > 0 ? `growth-${what}-others` : `growth-${what}`, kind: 'nothing', direction: 'neutral', stake: null, proof },
    claim:
      called.length === 0
        ? prose`${judged.length === 1 ? 'The one' : 'None of the'} ${judged.length === 1 ? what : prose`${format.count(judged.length)} ${many}`} ${judged.length === 1 ? 'is within chance of its expectation' : 'grows or fades beyond chance'}`
        : prose`${others === 1 ? prose`The other ${what} is` : prose`The other ${format.count(others)} ${many} are`} within chance of expectation`,
    detail: prose`Each is judged by ${baseWords(regions)} and the growth of the others; a shift of less than ${percent(format, growthFloor)} is not called a signal. ${doubt}`,
    evidence: { level: 'medium', rule, n },
  });
  return findings;
}

function calledFinding(regions: Regions, place: Growth, what: 'country' | 'state', rule: string, proof: string): Omit<Finding, 'id'> {
  const { format, week } = regions;
  const { name, now, expected, low, high, shrunk, worth, p } = place;
  const isFading = verb(place) === 'fades';
  const yearly = (orders: number) => (orders * worth * yearWeeks) / spanWeeks;
  const bounds = [yearly(Math.abs(expected * (1 - low))), yearly(Math.abs(expected * (1 - high)))];
  const crosses = low < 1 && high > 1;
  return {
    kind: 'change',
    claim: prose`${name} ${verb(place)}: orders are ${offWords(regions, place)} expectation`,
    detail: prose`From ${weeksSpan(format, week, spanWeeks)} came ${counted(format, now, 'order')}, where ${format.count(expected)} were expected by ${baseWords(regions)} and the growth of the other ${what === 'country' ? 'countries' : 'states'}. Drawn to the mean of all, as in the figure, the estimate is milder: ${offWords(regions, { ratio: shrunk.value })} (${format.change(shrunk.low - 1)} to ${format.change(shrunk.high - 1)}). The data do not say what is behind it.`,
    effect: {
      value: now - expected,
      unit: 'count',
      interval: { low: expected * (low - 1), high: expected * (high - 1), basis: prose`${percent(format, 0.95)} interval over customers` },
    },
    evidence: { level: p <= falseDiscovery / 5 ? 'high' : 'medium', rule, p, n: now },
    stake: {
      value: yearly(Math.abs(expected - now)),
      low: crosses ? 0 : Math.min(...bounds),
      high: Math.max(...bounds),
      basis: prose`the difference of ${format.count(spanWeeks)} weeks, held for a year, at ${format.money(worth)} of gross sales an order`,
    },
    direction: isFading ? 'bad' : 'good',
    polarity: 'up',
    action: isFading
      ? {
          do: prose`Check prices, delivery and campaigns in ${name} against those of the other ${what === 'country' ? 'countries' : 'states'}`,
          why: prose`It stands ${offWords(regions, place)} expectation while the others hold theirs.`,
          owner: 'Country lead',
          within: 'this week',
        }
      : {
          do: prose`Find out what ${name} responds to, and whether stock and delivery keep up`,
          why: prose`It stands ${offWords(regions, place)} expectation.`,
          owner: 'Country lead',
          within: 'this month',
        },
    proof: what === 'country' ? proof : 'states-table',
  };
}

/** Letters and digits of a name, to stand in an id. */
function slug(name: string): string {
  const plain = name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const code = [...name].reduce((sum, c) => (sum * 31 + (c.codePointAt(0) ?? 0)) % 46_656, 7);
  return `${plain.slice(0, 40)}-${code.toString(36)}`;
}

function concentration(regions: Regions): Finding[] {
  const { format, countries, year } = regions;
  const [first, second] = countries;
  const share = ratio(first?.net_revenue, year.net_revenue);
  if (!first || share === null || share <= 0) return [];
  const isLeaning = share >= leaning && countries.length > 1;
  return [
    {
      id: 'concentration',
      kind: 'state',
      claim: prose`${first.name} brings ${format.share(share)} of net revenue`,
      detail: second
        ? prose`${second.name} follows with ${format.share(ratio(second.net_revenue, year.net_revenue))}; ${counted(format, countries.length, 'country', 'countries')} ordered in the ${format.count(year.weeks)} weeks. These are sums, not estimates.`
        : prose`All orders of the ${format.count(year.weeks)} weeks come from one country.`,
      effect: { value: share, unit: 'share' },
      evidence: { level: 'high', rule: prose`counted over ${format.count(year.weeks)} weeks`, n: year.orders },
      stake: null,
      direction: 'neutral',
      ...(isLeaning
        ? {
            action: {
              do: prose`Decide how far the shop may lean on ${first.name}, and name the country to grow next`,
              why: prose`A fall there moves the whole shop.`,
              owner: 'Head of sales',
              within: 'this quarter' as const,
            },
          }
        : {}),
      proof: 'country-table',
    },
  ];
}

function basketFindings({ format, countries, year }: Regions): Finding[] {
  const tested = countries.filter(({ p }) => p !== null);
  if (tested.length < 2) return [];
  const called = tested.filter(({ isCalled }) => isCalled).toSorted((a, b) => (a.p ?? 1) - (b.p ?? 1) || (a.name < b.name ? -1 : 1));
  const rule = prose`BH-adjusted over ${format.count(tested.length)} countries, from ${percent(format, aovFloor)} off`;
  const lead = called[0];
  if (!lead?.difference || !lead.aov) {
    return [
      {
        ...{ id: 'baskets', kind: 'nothing', direction: 'neutral', stake: null, proof: 'baskets' },
        claim: prose`No country's average order differs from the others' beyond chance`,
        detail: prose`${format.count(tested.length)} countries were compared with all others; differences below ${percent(format, aovFloor)} are not called a signal.`,
        evidence: { level: 'medium', rule, n: year.orders },
      },
    ];
  }
  const { value, low, high, n } = lead.difference;
  return [
    {
      id: 'baskets',
      kind: 'state',
      claim: prose`An order from ${lead.name} is worth ${format.money(Math.abs(value))} ${value < 0 ? 'less' : 'more'} than one from elsewhere`,
      detail: prose`It averages ${format.money(lead.aov.value)} (${format.money(lead.aov.low)} to ${format.money(lead.aov.high)}). ${someOf(format, called.length, tested.length)} countries ${called.length === 1 ? 'differs' : 'differ'}: ${listed(called.map(({ name }) => name))}.`,
      effect: { value, unit: 'money', interval: { low, high, basis: prose`${percent(format, 0.95)} interval (Welch)` } },
      evidence: { level: 'medium', rule, p: lead.p ?? 1, n },
      stake: null,
      direction: 'neutral',
      proof: 'baskets',
    },
  ];
}
