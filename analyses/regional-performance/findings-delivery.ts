import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { percent } from '../shared/words.ts';
import { type Centre, dayFloor } from './delivery.ts';
import { deliverySpan, noDelivery } from './figures-delivery.ts';
import type { Regions } from './regions.ts';

/** The slow centres, or that none is slow. Empty where deliveries are unknown. */
export function deliveryFindings(regions: Regions): Finding[] {
  const { delivery, format } = regions;
  if (!delivery || noDelivery(regions) !== null) return [];
  const { centres, arrived, tested } = delivery;
  const rule = prose`BH-adjusted over ${format.count(tested)} centres at equal destinations, from ${format.unit(dayFloor, 'days')} off`;
  const slow = centres
    .filter(({ standing }) => standing === 'slow')
    .toSorted((a, b) => b.difference.total!.value - a.difference.total!.value || (a.name < b.name ? -1 : 1));
  const worst = slow[0];
  if (!worst) {
    if (tested < 2) return [];
    return [
      {
        ...{ id: 'slow-centre', kind: 'nothing', direction: 'neutral', stake: null, proof: 'delivery' },
        claim: prose`No distribution centre is slow: all ${format.count(tested)} are within ${format.unit(dayFloor, 'days')} of the others or within chance`,
        detail: prose`Orders placed ${deliverySpan(regions)} were compared at equal destinations. ${arrivedWords(regions)}`,
        evidence: { level: 'medium', rule, n: arrived },
      },
    ];
  }
  const { value, low, high, n } = worst.difference.total!;
  const others = slow.slice(1);
  return [
    {
      id: 'slow-centre',
      kind: 'state',
      claim: prose`${worst.name} delivers ${format.unit(value, 'days')} later than the other centres`,
      detail: prose`Its orders take ${format.unit(worst.mean.total?.value ?? null, 'days')} on average, and nine in ten arrive within ${format.unit(worst.slowest?.value ?? null, 'days')}. ${stageWords(regions, worst)} ${others.length > 0 ? prose`Slow too: ${listed(others.map((centre) => prose`${centre.name} (${format.signed(centre.difference.total!.value, 'days')})`))}.` : ''} ${arrivedWords(regions)}`,
      effect: { value, unit: 'days', interval: { low, high, basis: prose`${percent(format, 0.95)} interval at equal destinations` } },
      evidence: { level: 'high', rule, p: worst.p ?? 1, n },
      stake: null,
      direction: 'bad',
      polarity: 'down',
      action: {
        do: prose`Follow a week of orders through ${worst.name}, ${longerStage(worst) === 'ship' ? 'from order to hand-over' : 'from hand-over to arrival'} first`,
        why: prose`${stageWords(regions, worst)}`,
        owner: 'Head of logistics',
        within: 'this month',
      },
      proof: 'delivery',
    },
  ];
}

function longerStage({ difference }: Centre): 'ship' | 'transit' {
  return (difference.ship?.value ?? 0) >= (difference.transit?.value ?? 0) ? 'ship' : 'transit';
}

function stageWords({ format }: Regions, { difference }: Centre): string {
  const [ship, transit] = [difference.ship, difference.transit];
  if (!ship || !transit) return '';
  return prose`Against the others the hand-over differs by ${format.signed(ship.value, 'days')} and the transit by ${format.signed(transit.value, 'days')}.`;
}

function arrivedWords({ delivery, format }: Regions): string {
  const { arrived, ordered } = delivery!;
  if (arrived === ordered) return prose`All of these orders have arrived.`;
  return prose`${format.count(arrived)} of these ${format.count(ordered)} orders have arrived; the others count nowhere.`;
}
