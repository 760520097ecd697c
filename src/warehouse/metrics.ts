import type { Polarity, Unit } from '#contract/metric.ts';

/** A measure of the shop, defined once, in words and in SQL. */
export interface MetricDefinition {
  id: string;
  label: string;
  unit: Unit;
  polarity: Polarity;
  /** For the glossary. */
  words: string;
  /**
   * Expression over the rows of the model `grain`, the same in DuckDB and GoogleSQL. `within(column)` stands for the period; an
   * expression without it holds at the as-of date. Empty where no one expression makes it: then the words, and the queries and the method of
   * the analysis that prints it, are its definition.
   */
  sql: string;
  /** Model whose rows the expression aggregates; empty without one. */
  grain: string;
}

const sold = 'is_sale and within(order_date)';
const cameBack = 'is_returned and within(returned_date)';
const sum = (amount: string, condition: string) => `sum(case when ${condition} then ${amount} else 0 end)`;
const distinct = (id: string, condition: string) => `count(distinct case when ${condition} then ${id} end)`;
const per = (a: string, b: string) => `(${a}) / nullif(${b}, 0)`;

const gross = sum('gross_amount', sold);
const refunds = sum('refund_amount', cameBack);
const net = `${gross} - ${refunds}`;
const margin = `${net} - ${sum('coalesce(cost_amount, 0)', sold)} + ${sum('coalesce(refund_cost, 0)', cameBack)}`;
const units = sum('quantity', sold);
const orders = distinct('order_id', sold);
const repeat = distinct('order_id', `${sold} and order_number > 1`);
const cancelled = distinct('order_id', "order_status = 'Cancelled' and within(order_date)");
const active = distinct('customer_id', sold);
const first = distinct('customer_id', `${sold} and order_number = 1`);
const delivered = sum('quantity', `${sold} and status in ('Complete', 'Returned')`);
const list = sum('list_amount', sold);
const session = (condition: string) => sum('1', `${condition} and within(session_date)`);
const sessions = sum('1', 'within(session_date)');
const mean = (stage: string) =>
  per(sum('days * items', `stage = '${stage}' and within(order_week)`), sum('items', `stage = '${stage}' and within(order_week)`));

type Entry = [id: string, label: string, unit: Unit, polarity: Polarity, sql: string, words: string];

const ofItems: Entry[] = [
  [
    'net_revenue',
    'Net revenue',
    'money',
    'up',
    net,
    'Gross sales less refunds; refunds count on the day of the return, so that past periods are never rewritten.',
  ],
  [
    'gross_revenue',
    'Gross sales',
    'money',
    'up',
    gross,
    'Price paid for items sold, on the day of the order. An item is sold unless it or its order is cancelled.',
  ],
  [
    'refunds',
    'Refunds',
    'money',
    'down',
    refunds,
    'Price of items that came back, on the day of the return; on the day of the order where that day is missing.',
  ],
  [
    'gross_margin',
    'Gross margin',
    'money',
    'up',
    margin,
    'Net revenue less the cost of items sold; the cost of returned items is given back on the day of the return.',
  ],
  ['margin_share', 'Gross margin share', 'share', 'up', per(margin, net), 'Gross margin over net revenue.'],
  ['orders', 'Orders', 'count', 'up', orders, 'Orders placed that are not cancelled.'],
  ['cancelled_orders', 'Cancelled orders', 'count', 'down', cancelled, 'Orders placed that are cancelled by the as-of date.'],
  [
    'cancellation_rate',
    'Cancellation rate',
    'share',
    'down',
    per(cancelled, `(${orders} + ${cancelled})`),
    'Cancelled orders over all orders placed.',
  ],
  ['units', 'Units sold', 'count', 'up', units, 'Pieces of items sold.'],
  ['units_per_order', 'Units per order', 'ratio', 'up', per(units, orders), 'Units sold over orders.'],
  ['aov', 'Average order value', 'money', 'up', per(gross, orders), 'Gross sales over orders.'],
  ['active_customers', 'Active customers', 'count', 'up', active, 'Customers with at least one order in the period that is not cancelled.'],
  ['new_customers', 'New customers', 'count', 'up', first, 'Customers whose first order that is not cancelled falls in the period.'],
  [
    'returning_customers',
    'Returning customers',
    'count',
    'up',
    `${active} - ${first}`,
    'Active customers who had ordered before the period.',
  ],
  [
    'net_revenue_per_buyer_52w',
    'Net revenue per buyer and year',
    'money',
    'up',
    per(`${gross} - ${sum('refund_amount', `${sold} and is_returned`)}`, active),
    'Net revenue of the orders of 52 complete weeks, less what of them came back, over the customers who placed them.',
  ],
  ['acquisition_rate', 'Customer acquisition rate', 'share', 'up', per(first, active), 'New customers over active customers.'],
  [
    'repeat_order_share',
    'Repeat order share',
    'share',
    'up',
    per(repeat, orders),
    'Orders of customers who had ordered before, over all orders.',
  ],
  ['orders_per_customer', 'Orders per customer', 'ratio', 'up', per(orders, active), 'Orders over active customers.'],
  ['revenue_per_customer', 'Net revenue per customer', 'money', 'up', per(net, active), 'Net revenue over active customers.'],
  ['returned_units', 'Units returned', 'count', 'down', sum('quantity', cameBack), 'Pieces that came back, on the day of the return.'],
  [
    'return_rate',
    'Return rate',
    'share',
    'down',
    per(sum('quantity', `${sold} and is_returned`), delivered),
    'Pieces that came back over pieces that arrived, kept or returned, of the orders of the period.',
  ],
  ['return_share', 'Refund share', 'share', 'down', per(refunds, gross), 'Refunds of the period over gross sales of the period.'],
  [
    'discount_share',
    'Discount share',
    'share',
    'none',
    per(`${list} - ${gross}`, list),
    'Part of the list price of the pieces sold that was not charged.',
  ],
];

const ofSessions: Entry[] = [
  ['sessions', 'Sessions', 'count', 'up', sessions, 'Visits to the web site, on the day of their first event.'],
  [
    'purchase_sessions',
    'Purchase sessions',
    'count',
    'up',
    session('reached_purchase'),
    'Sessions that reached the purchase page; also where the order was cancelled later.',
  ],
  [
    'conversion',
    'Conversion',
    'share',
    'up',
    per(session('reached_purchase'), sessions),
    'Sessions that reached the purchase page over all sessions; also where the order was cancelled later.',
  ],
  ['cart_rate', 'Cart rate', 'share', 'up', per(session('reached_cart'), sessions), 'Sessions that reached the cart over all sessions.'],
  [
    'cart_to_purchase',
    'Cart to purchase',
    'share',
    'up',
    per(session('reached_cart and reached_purchase'), session('reached_cart')),
    'Sessions that reached the purchase page over sessions that reached the cart.',
  ],
  ['bounce_rate', 'Bounce rate', 'share', 'down', per(session('events = 1'), sessions), 'Sessions of a single event over all sessions.'],
  [
    'product_view_rate',
    'Product view rate',
    'share',
    'up',
    per(session('reached_product'), sessions),
    'Sessions that viewed a product over all sessions.',
  ],
  [
    'identified_share',
    'Identified share',
    'share',
    'none',
    per(session('is_identified'), sessions),
    'Sessions whose customer is known over all sessions.',
  ],
  [
    'events_per_session',
    'Events per session',
    'ratio',
    'none',
    per(sum('events', 'within(session_date)'), sessions),
    'Events over sessions.',
  ],
];

const ofCustomers: Entry[] = [
  ['signups', 'Sign-ups', 'count', 'up', sum('1', 'within(signup_date)'), 'Customers who signed up, whether or not they have ordered.'],
  ['customers', 'Customers', 'count', 'up', 'count(*)', 'Customers who have signed up by the as-of date.'],
  ['buyers', 'Buyers', 'count', 'up', sum('1', 'orders > 0'), 'Customers with at least one order that is not cancelled.'],
  [
    'repeat_rate',
    'Repeat rate',
    'share',
    'up',
    per(sum('1', 'orders > 1'), sum('1', 'orders > 0')),
    'Buyers with at least two orders that are not cancelled over all buyers.',
  ],
];

const ofDeliveries: Entry[] = [
  [
    'delivery_days',
    'Days to delivery',
    'days',
    'down',
    mean('total'),
    'Mean of the whole days from order to arrival, over items sold that have arrived, by the week of the order.',
  ],
  [
    'ship_days',
    'Days to hand-over',
    'days',
    'down',
    mean('ship'),
    'Mean of the whole days from order to hand-over, over items sold that have left, by the week of the order.',
  ],
  [
    'transit_days',
    'Days in transit',
    'days',
    'down',
    mean('transit'),
    'Mean of the whole days from hand-over to arrival, over items sold that have arrived, by the week of the order.',
  ],
];

const ofProducts: Entry[] = [
  ['stock_value', 'Stock value', 'money', 'none', 'sum(stock_cost)', 'Cost of the pieces in stock at the as-of date.'],
  ['stock_units', 'Units in stock', 'count', 'none', 'sum(stock_units)', 'Pieces in stock at the as-of date.'],
  [
    'stock_age_days',
    'Age of stock',
    'days',
    'down',
    per('sum(stock_age_days * stock_units)', 'sum(stock_units)'),
    'Mean days since receipt of the pieces in stock at the as-of date.',
  ],
  ['profit', 'Profit', 'money', 'up', 'sum(profit)', 'Net revenue less the cost of the pieces kept, over the whole of the data.'],
  [
    'view_to_purchase',
    'Views to purchases',
    'share',
    'up',
    per('sum(purchase_sessions)', 'sum(view_sessions)'),
    'Sessions that viewed the product and reached the purchase page, over sessions that viewed it.',
  ],
];

/** Made by an analysis from more than one model, or by the checks of the data. */
const ofAnalyses: Omit<MetricDefinition, 'sql' | 'grain'>[] = [
  {
    ...{ id: 'several_products_share', label: 'Orders of several products', unit: 'share', polarity: 'up' },
    words:
      'Orders with two different products or more over all orders that are not cancelled; orders of more than 100 products are left out.',
  },
  {
    ...{ id: 'product_pairs', label: 'Pairs that belong together', unit: 'count', polarity: 'none' },
    words:
      'Pairs of products in more joint baskets than their categories and their own popularity explain: three times as many or more with the whole interval, adjusted over all pairs tested.',
  },
  {
    ...{ id: 'bundle_revenue', label: 'Extra sales by bundles', unit: 'money', polarity: 'up' },
    words:
      'Sales that the pairs which belong together would add in a year if an assumed share of the baskets with one product alone added the other.',
  },
  {
    ...{ id: 'viewed_not_bought', label: 'Viewed and not bought', unit: 'count', polarity: 'none' },
    words: 'Pairs of an identified customer and a product viewed within the window of the report and not bought before or since.',
  },
  {
    ...{ id: 'viewed_not_bought_value', label: 'Worth of what was viewed', unit: 'money', polarity: 'none' },
    words:
      'Price of what was viewed and not bought times the chance that it is bought within 28 days without any further effort, as measured on earlier days among pairs that had not bought either.',
  },
  {
    ...{ id: 'late_conversion', label: 'Bought within 28 days', unit: 'share', polarity: 'up' },
    words: 'Pairs of customer and product viewed and not bought by an earlier day that were bought within the 28 days after it.',
  },
  {
    ...{ id: 'campaign_gain', label: 'Margin won by a campaign', unit: 'money', polarity: 'up' },
    words: 'Margin of the extra sales at an assumed uplift of the chance to buy, less the cost of the contacts.',
  },
  {
    ...{ id: 'repeat_rate_90d', label: 'Repeat rate within 90 days', unit: 'share', polarity: 'up' },
    words:
      'Customers who order again within 90 days of their first order, over all customers with a first order, of months seen for 90 days.',
  },
  {
    ...{ id: 'first_order_rate_365d', label: 'First orders within a year', unit: 'share', polarity: 'up' },
    words: 'Sign-ups that place an order within 365 days, over all sign-ups, of days seen for so long.',
  },
  {
    ...{ id: 'top_tenth_share_52w', label: 'Held by the top tenth', unit: 'share', polarity: 'none' },
    words: 'Part of the net revenue of 52 complete weeks that the tenth of their buyers with the highest net revenue brings.',
  },
  {
    ...{ id: 'revenue_gini_52w', label: 'Gini coefficient', unit: 'ratio', polarity: 'none' },
    words: 'Inequality of net revenue between the buyers of 52 complete weeks: 0 where all bring the same, near 1 where one brings all.',
  },
  {
    ...{ id: 'holdout_capture', label: 'Made by the first tenth', unit: 'share', polarity: 'up' },
    words:
      'Part of the repeat purchases after a cut-off that the tenth of customers made of whom the model, fitted up to it, expected most.',
  },
  {
    ...{ id: 'holdout_bias', label: 'Purchases over expected', unit: 'ratio', polarity: 'none' },
    words: 'Repeat purchases after a cut-off over those that the model, fitted up to it, expected: 1 where it was right in sum.',
  },
  {
    ...{ id: 'holdout_value_bias', label: 'Value over expected', unit: 'ratio', polarity: 'none' },
    words: 'Net value of the repeat purchases after a cut-off over what the models of purchases and of spend, fitted up to it, expected.',
  },
  {
    ...{ id: 'holdout_rank', label: 'Rank correlation', unit: 'ratio', polarity: 'up' },
    words: 'Spearman’s rank correlation, over customers, of the purchases expected after a cut-off and those made.',
  },
  {
    ...{ id: 'spend_correlation', label: 'Frequency and spend', unit: 'ratio', polarity: 'none' },
    words:
      'Correlation, over repeat buyers, of the number of repeat purchases and their mean net value; the spend model needs it to be near 0.',
  },
  {
    ...{ id: 'scored_customers', label: 'Customers scored', unit: 'count', polarity: 'none' },
    words: 'Customers with a purchase to whom the value model gives a score.',
  },
  {
    ...{ id: 'recent_customers', label: 'New customers', unit: 'count', polarity: 'up' },
    words:
      'Customers whose first purchase was fewer than 90 days before the as-of date, unless the analysis is set to another number of days.',
  },
  {
    ...{ id: 'expected_value_new', label: 'Expected of new customers in a year', unit: 'money', polarity: 'up' },
    words:
      'Discounted value of the purchases expected within 12 months of customers whose first purchase was fewer than 90 days ago: purchases to come times what one is expected to be worth.',
  },
  {
    ...{ id: 'expected_value_each', label: 'Expected of one in a year', unit: 'money', polarity: 'up' },
    words: 'The same over the number of these customers.',
  },
  {
    ...{ id: 'expected_value_listed', label: 'Expected of the list in a year', unit: 'money', polarity: 'up' },
    words: 'The same of those of them of whom most is expected, the 50 of the list unless it is set to another length.',
  },
  {
    ...{ id: 'expected_value_all', label: 'Expected of all customers in a year', unit: 'money', polarity: 'up' },
    words: 'The same of all customers with a purchase.',
  },
  {
    ...{ id: 'expected_top_tenth_share', label: 'Held by the top tenth of new customers', unit: 'share', polarity: 'none' },
    words: 'Part of the expected value of new customers that belongs to the tenth of them of whom most is expected.',
  },
  {
    ...{ id: 'list_lift', label: 'Top tenth of such a list a year ago, over the others', unit: 'ratio', polarity: 'none' },
    words:
      'Money that a customer of the top tenth of those who were new a year ago, ranked by the scores of today, brought in the year since, over that of one of the others.',
  },
  {
    ...{ id: 'segment_pairs_right', label: 'Pairs ranked rightly by the learned segment', unit: 'share', polarity: 'up' },
    words:
      'Of all pairs of a customer who became high in the days after the cut-off and one who did not, the share in which the scorecard had ranked the first higher (AUC); half by chance.',
  },
  {
    ...{ id: 'segment_kappa', label: 'Agreement of the learned segment beyond chance', unit: 'ratio', polarity: 'up' },
    words: 'Cohen’s kappa of the segment named at the cut-off with the one that came: nought by chance, one for no mistake.',
  },
  {
    ...{ id: 'segment_high_right', label: 'Named high who became so', unit: 'share', polarity: 'up' },
    words: 'Of the customers whom the scorecard named high at the cut-off, the share whose later value was high.',
  },
  {
    ...{ id: 'segment_high_share', label: 'Customers who became high', unit: 'share', polarity: 'none' },
    words:
      'Of all customers at the cut-off, the share whose later value reached what half of the customers who brought something later had reached in the span before.',
  },
  {
    ...{ id: 'recommendation_recall', label: 'Purchases foretold', unit: 'share', polarity: 'up' },
    words:
      'Mean over customers of the part of what each bought in the weeks held out, and had not before, that stood on the list of 20 made for the customer before them.',
  },
  {
    ...{ id: 'popularity_recall', label: 'Foretold by best sellers', unit: 'share', polarity: 'up' },
    words:
      'The same of a list of best sellers, the same for everybody: of all time or of four weeks, whichever did better on the weeks before.',
  },
  {
    ...{ id: 'recommendation_gain', label: 'Foretold beyond best sellers', unit: 'share', polarity: 'up' },
    words: 'Purchases foretold by what is served less those foretold by best sellers, customer by customer.',
  },
  {
    ...{ id: 'recommendation_coverage', label: 'Catalogue on lists', unit: 'share', polarity: 'up' },
    words: 'Part of all products that stood on the list of at least one customer.',
  },
  {
    ...{ id: 'offered_products', label: 'Products offered', unit: 'count', polarity: 'none' },
    words: 'Products that may be recommended: in stock, where stock is kept of them; otherwise sold or viewed in the last 180 days.',
  },
  {
    ...{ id: 'customers_with_history', label: 'Customers with a history', unit: 'count', polarity: 'up' },
    words: 'Identified customers who bought a product, or viewed one or put it into the cart within a year, as far as they were read.',
  },
  {
    ...{ id: 'rows_read', label: 'Rows read', unit: 'count', polarity: 'none' },
    words: 'Rows of the staged tables up to the as-of date.',
  },
  {
    ...{ id: 'tests_passed', label: 'Data tests passed', unit: 'share', polarity: 'up' },
    words: 'Data tests that pass over all data tests of the models.',
  },
  {
    ...{ id: 'orphan_references', label: 'References that lead nowhere', unit: 'count', polarity: 'down' },
    words: 'Keys that are not empty and are not found in the table that they refer to.',
  },
  {
    ...{ id: 'order_age', label: 'Age of the newest order', unit: 'days', polarity: 'down' },
    words: 'Days from the newest order to the end of the as-of date.',
  },
];

const of = (grain: string, entries: Entry[]) =>
  entries.map(([id, label, unit, polarity, sql, words]): MetricDefinition => ({ id, label, unit, polarity, words, sql, grain }));

/** Every metric that a report may print; its glossary is made from these. */
export const metrics: readonly MetricDefinition[] = [
  ...of('order_items_enriched', ofItems),
  ...of('sessions', ofSessions),
  ...of('customer_metrics', ofCustomers),
  ...of('delivery_times', ofDeliveries),
  ...of('product_performance', ofProducts),
  ...ofAnalyses.map((metric) => ({ ...metric, sql: '', grain: '' })),
];

const byId = new Map(metrics.map((metric) => [metric.id, metric]));

/** @returns undefined for an id that is not in the register. */
export function metricDefinition(id: string): MetricDefinition | undefined {
  return byId.get(id);
}

/** The expression of a metric for a period of days 'YYYY-MM-DD', both inclusive. @throws Error for a day that is none. */
export function metricSql({ sql }: MetricDefinition, first: string, last: string): string {
  for (const day of [first, last]) if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new Error(`'${day}' is not a day`);
  return sql.replaceAll(/within\((\w+)\)/g, `($1 between date '${first}' and date '${last}')`);
}
