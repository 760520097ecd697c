/** What a source can offer beyond customers; an analysis lists the ones that it needs. */
export const capabilities = [
  'orders',
  'products',
  'events',
  'costs',
  'geography',
  'inventory',
  'deliveries',
  'returns',
  'reviews',
  'payments',
  'sellers',
] as const;
export type Capability = (typeof capabilities)[number];

/** How a shop counts money and time; every printed number and date follows it. */
export interface Shop {
  /** Key of the staging folder and of the output folder: `thelook`, `demo`. */
  id: string;
  name: string;
  /** ISO 4217. */
  currency: string;
  /** IANA zone in which days, weeks and hours are cut. */
  timezone: string;
  /** BCP 47. */
  locale: string;
  capabilities: Capability[];
}
