/** What the scorecard may know of a customer; `customer_value_features` defines the bins, in the column `<id>_bin`. */
export interface Feature {
  id: string;
  /** As printed. */
  label: string;
  /** Within a sentence; the label in lower case where absent. */
  words?: string;
  /** Column of the uncut value, for trees; absent for names and where the others have it all. */
  number?: string;
  /** Taken in only where the training shows that it tells more than the others do. */
  isTested: boolean;
}

/** Age and gender are left out on purpose: who gets an offer should not hang on them. */
export const features: readonly Feature[] = [
  { id: 'recency', label: 'Since last purchase', number: 'recency_days', isTested: false },
  { id: 'frequency', label: 'Number of purchases', number: 'x', isTested: false },
  { id: 'age', label: 'Since first purchase', number: 't_days', isTested: false },
  { id: 'pace', label: 'Silence over own gap', isTested: false },
  { id: 'rate', label: 'Repeats a year', isTested: false },
  { id: 'value', label: 'Value of a purchase', number: 'mean_value', isTested: false },
  { id: 'first_value', label: 'First value', words: 'value of the first purchase', number: 'first_value', isTested: true },
  { id: 'first_pieces', label: 'First pieces', words: 'pieces of the first purchase', number: 'first_pieces', isTested: true },
  { id: 'first_discount', label: 'First discount', words: 'discount on the first purchase', number: 'first_discount', isTested: true },
  { id: 'returned', label: 'Returns', words: 'returns', number: 'pieces_back', isTested: true },
  { id: 'first_category', label: 'First category', words: 'category of the first purchase', isTested: true },
  { id: 'source', label: 'Source', isTested: true },
  { id: 'country', label: 'Country', isTested: true },
];

/** As it stands in a sentence. */
export const wordsOf = ({ label, words }: Feature): string => words ?? label.toLowerCase();

export const labelOf = (id: string): string => features.find((feature) => feature.id === id)!.label;
