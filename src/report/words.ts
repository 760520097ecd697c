import type { Capability } from '#contract/shop.ts';

const areas: Record<string, string> = {
  data: 'The data',
  sales: 'Sales',
  products: 'Products',
  regions: 'Regions',
  website: 'Website',
  customers: 'Customers',
  value: 'Customer value',
  recommendations: 'Recommendations',
};

const unlocks: Record<Capability, string> = {
  orders: 'the tables orders and order_items',
  products: 'the table products',
  events: 'the table events',
  costs: 'the column cost of products',
  geography: 'the column country of users',
  inventory: 'the table inventory_items',
  deliveries: 'the columns shipped_at and delivered_at of orders',
  returns: 'the column returned_at of order_items',
  reviews: 'the table reviews',
  payments: 'the table payments',
  sellers: 'the table sellers',
};

/** An area as readers call it. */
export function areaName(area: string): string {
  return areas[area] ?? area.slice(0, 1).toUpperCase() + area.slice(1);
}

/** 'Not available from this source: events. It needs the table events.' */
export function unavailableText(missing: Capability[]): string {
  return `Not available from this source: ${missing.join(', ')}. To unlock it, add ${missing.map((m) => unlocks[m] ?? m).join(' and ')}.`;
}

/** Number of words between blanks. */
export function wordCount(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

/** Sentences of a paragraph; a full stop within a number or before a small letter ends none. */
function sentences(text: string): string[] {
  return text.split(/(?<=[.!?])\s+(?=[\p{Lu}“"€$£])/u).filter(Boolean);
}

/** As many whole sentences as fit into a number of words; the first always stands. */
export function shortened(text: string, most: number): string {
  const kept: string[] = [];
  let left = most;
  for (const sentence of sentences(text)) {
    left -= wordCount(sentence);
    if (kept.length && left < 0) break;
    kept.push(sentence);
  }
  return kept.join(' ');
}

/** Ends with a full stop. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** First letter small, unless the first word is a name or an abbreviation by its looks ('URL …'). */
export function lowered(text: string): string {
  return /^\p{Lu}\p{Ll}*\s/u.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}
