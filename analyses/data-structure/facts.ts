import type { ColumnTable } from 'arquero';
import { rows } from '../shared/rows.ts';

export interface Entity {
  model: string;
  entity: string;
  grain: string;
  key: string;
  rows: number;
  /** Newest instant in the table, ISO 8601 UTC; null for tables without times. */
  latest: string | null;
  /** Whole days from that instant to the end of the as-of day. */
  age: number | null;
}

export interface Relationship {
  from_model: string;
  from_column: string;
  to_model: string;
  to_column: string;
  cardinality: string;
  rows: number;
  orphans: number | null;
}

export interface ColumnFacts {
  table: string;
  column: string;
  type: string;
  rows: number;
  nulls: number;
  distinct: number | null;
  negative: number;
  empty: number;
  literal_null: number;
}

export interface TestFacts {
  model: string;
  test: string;
  column: string;
  severity: string;
  rows: number;
  failed: number;
  passed: boolean;
}

export interface Exclusion {
  table_name: string;
  reason: string;
  treatment: 'dropped' | 'changed' | 'kept';
  excluded_rows: number;
  /** Share of the table's rows that count. */
  share: number | null;
}

export interface ModelColumn {
  model: string;
  column: string;
  type: string;
  is_key: boolean;
  refers_to: string | null;
}

/** What is known of the data before the wall; nothing that lies after the as-of day enters. */
export interface DataFacts {
  entities: Entity[];
  columns: ModelColumn[];
  relationships: Relationship[];
  profile: ColumnFacts[];
  tests: TestFacts[];
  exclusions: Exclusion[];
}

const dayLength = 86_400_000;

export function factsOf(tables: Record<string, ColumnTable>, asOf: string): DataFacts {
  const models = rows<Omit<Entity, 'age'> & { layer: string }>(tables.models).filter(({ layer }) => layer === 'staging');
  const end = Date.parse(`${asOf}T00:00:00Z`) + dayLength;
  const entities = models
    .filter(({ entity }) => entity !== 'exclusion')
    .map(({ model, entity, grain, key, rows: count, latest }) => {
      const time = latest === null ? Number.NaN : Date.parse(latest);
      return {
        model,
        entity,
        grain,
        key,
        rows: count ?? 0,
        latest,
        age: Number.isNaN(time) ? null : Math.max(0, Math.floor((end - time) / dayLength)),
      };
    });
  const names = new Set(entities.map(({ model }) => model));
  const rowsOf = new Map(entities.map(({ model, rows: count }) => [entityOfRaw(model), count]));
  return {
    entities,
    columns: rows<ModelColumn>(tables.columns).filter(({ model }) => names.has(model)),
    relationships: rows<Relationship>(tables.relationships).filter(({ from_model }) => names.has(from_model)),
    profile: rows<ColumnFacts>(tables.profile).filter(({ table }) => names.has(table)),
    tests: rows<TestFacts>(tables.tests),
    exclusions: rows<Exclusion & { past_wall: boolean }>(tables.exclusions)
      .filter(({ past_wall, excluded_rows }) => !past_wall && excluded_rows > 0)
      .map(({ table_name, reason, treatment, excluded_rows }) => {
        const all = rowsOf.get(table_name);
        return { table_name, reason, treatment, excluded_rows, share: all ? Math.min(1, excluded_rows / all) : null };
      }),
  };
}

/** 'stg_customers' is made from the raw table 'users'; the others keep their names. */
function entityOfRaw(model: string): string {
  const name = model.replace(/^stg_/, '');
  return { customers: 'users', inventory: 'inventory_items' }[name] ?? name;
}

/** 'order_items' as 'order items'. */
export function plain(name: string): string {
  return name.replace(/^stg_/, '').replaceAll('_', ' ');
}

const reasons: Record<string, string> = {
  unknown_city: 'city unknown',
  unknown_country: 'country unknown',
  country_renamed: 'country written in another language, unified',
  order_without_time: 'order without a time',
  item_without_order: 'item whose order is not in the data',
  event_without_time: 'event without a time',
  anonymous_event: 'event of a visitor who is not signed in',
  stock_without_time: 'stock without a date',
  product_without_name: 'product without a name',
  product_without_brand: 'product without a brand',
  cancelled_order: 'cancelled order',
  order_without_items: 'order without items',
  order_without_customer: 'order whose customer is not in the data',
  item_without_product: 'item whose product is not in the data',
  item_without_cost: 'item without a known cost',
};

export function reasonWords(reason: string): string {
  return reasons[reason] ?? reason.replaceAll('_', ' ');
}

export const treatmentWords: Record<Exclusion['treatment'], string> = {
  dropped: 'left out of sales',
  changed: 'unified or marked as missing',
  kept: 'kept, with a gap',
};
