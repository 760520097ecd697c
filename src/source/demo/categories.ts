export const departments = ['Women', 'Men'] as const;

export type Climate = 'winter' | 'summer' | 'even';

/** Factor on demand by month, January first. */
export const climates: Record<Climate, number[]> = {
  winter: [1.5, 1.3, 1, 0.75, 0.6, 0.5, 0.5, 0.65, 1, 1.35, 1.6, 1.65],
  summer: [0.6, 0.7, 0.9, 1.15, 1.45, 1.65, 1.65, 1.4, 0.95, 0.7, 0.55, 0.55],
  even: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
};

export interface Category {
  name: string;
  /** Demand by department: women, men. 0: not sold there. */
  demand: [number, number];
  /** Median list price and its spread on the log scale, USD. */
  price: number;
  spread: number;
  /** Cost as a share of the list price. */
  cost: number;
  /** Mean share of delivered items that come back. */
  returns: number;
  climate: Climate;
  /** Mean age of unsold stock, days. */
  stockDays: number;
  nouns: [women: string[], men: string[]];
}

export const categories: Category[] = [
  {
    name: 'Accessories',
    demand: [6, 5],
    price: 24,
    spread: 0.35,
    cost: 0.4,
    returns: 0.05,
    climate: 'even',
    stockDays: 70,
    nouns: [
      ['Scarf', 'Belt', 'Tote', 'Beret', 'Wrap'],
      ['Belt', 'Cap', 'Beanie', 'Wallet', 'Tie'],
    ],
  },
  {
    name: 'Active',
    demand: [9, 9],
    price: 44,
    spread: 0.3,
    cost: 0.42,
    returns: 0.07,
    climate: 'even',
    stockDays: 50,
    nouns: [
      ['Training Top', 'Running Jacket', 'Sports Bra', 'Track Pant'],
      ['Training Tee', 'Running Jacket', 'Track Pant', 'Base Layer'],
    ],
  },
  {
    name: 'Dresses',
    demand: [11, 0],
    price: 72,
    spread: 0.32,
    cost: 0.45,
    returns: 0.13,
    climate: 'summer',
    stockDays: 65,
    nouns: [['Shirt Dress', 'Wrap Dress', 'Midi Dress', 'Shift Dress'], []],
  },
  {
    name: 'Hoodies & Sweatshirts',
    demand: [6, 9],
    price: 50,
    spread: 0.25,
    cost: 0.47,
    returns: 0.06,
    climate: 'winter',
    stockDays: 60,
    nouns: [
      ['Hoodie', 'Sweatshirt', 'Zip Hoodie'],
      ['Hoodie', 'Sweatshirt', 'Zip Hoodie'],
    ],
  },
  {
    name: 'Jeans',
    demand: [10, 11],
    price: 64,
    spread: 0.28,
    cost: 0.5,
    returns: 0.08,
    climate: 'even',
    stockDays: 55,
    nouns: [
      ['Slim Jeans', 'Wide-Leg Jeans', 'Straight Jeans', 'Mom Jeans'],
      ['Slim Jeans', 'Straight Jeans', 'Tapered Jeans', 'Relaxed Jeans'],
    ],
  },
  {
    name: 'Leggings',
    demand: [6, 0],
    price: 28,
    spread: 0.25,
    cost: 0.45,
    returns: 0.05,
    climate: 'even',
    stockDays: 45,
    nouns: [['Leggings', 'High-Rise Leggings', 'Cropped Leggings'], []],
  },
  {
    name: 'Outerwear & Coats',
    demand: [6, 6],
    price: 138,
    spread: 0.35,
    cost: 0.46,
    returns: 0.11,
    climate: 'winter',
    stockDays: 270,
    nouns: [
      ['Trench Coat', 'Parka', 'Wool Coat', 'Rain Jacket'],
      ['Parka', 'Overcoat', 'Field Jacket', 'Rain Jacket'],
    ],
  },
  {
    name: 'Pants',
    demand: [7, 9],
    price: 56,
    spread: 0.25,
    cost: 0.48,
    returns: 0.09,
    climate: 'even',
    stockDays: 60,
    nouns: [
      ['Chinos', 'Culottes', 'Pleated Pants', 'Linen Pants'],
      ['Chinos', 'Cargo Pants', 'Linen Pants', 'Pleated Pants'],
    ],
  },
  {
    name: 'Shorts',
    demand: [4, 6],
    price: 36,
    spread: 0.25,
    cost: 0.48,
    returns: 0.06,
    climate: 'summer',
    stockDays: 120,
    nouns: [
      ['Shorts', 'Bermuda Shorts', 'Pleated Shorts'],
      ['Shorts', 'Cargo Shorts', 'Swim-to-Street Shorts'],
    ],
  },
  {
    name: 'Sleep & Lounge',
    demand: [6, 4],
    price: 40,
    spread: 0.3,
    cost: 0.44,
    returns: 0.05,
    climate: 'winter',
    stockDays: 60,
    nouns: [
      ['Pajama Set', 'Robe', 'Lounge Pant', 'Sleep Shirt'],
      ['Pajama Set', 'Robe', 'Lounge Pant'],
    ],
  },
  {
    name: 'Socks',
    demand: [3, 4],
    price: 12,
    spread: 0.3,
    cost: 0.4,
    returns: 0.02,
    climate: 'even',
    stockDays: 40,
    nouns: [
      ['Ankle Socks', 'Crew Socks', 'Knee Socks'],
      ['Crew Socks', 'Ankle Socks', 'Boot Socks'],
    ],
  },
  {
    name: 'Suits & Blazers',
    demand: [4, 6],
    price: 112,
    spread: 0.3,
    cost: 0.43,
    returns: 0.12,
    climate: 'even',
    stockDays: 230,
    nouns: [
      ['Blazer', 'Double-Breasted Blazer', 'Suit Jacket'],
      ['Blazer', 'Suit Jacket', 'Sport Coat'],
    ],
  },
  {
    name: 'Sweaters',
    demand: [8, 8],
    price: 68,
    spread: 0.28,
    cost: 0.45,
    returns: 0.08,
    climate: 'winter',
    stockDays: 75,
    nouns: [
      ['Cardigan', 'Pullover', 'Turtleneck'],
      ['Cardigan', 'Pullover', 'Turtleneck', 'Quarter-Zip'],
    ],
  },
  {
    name: 'Tops & Tees',
    demand: [14, 13],
    price: 30,
    spread: 0.32,
    cost: 0.46,
    returns: 0.06,
    climate: 'even',
    stockDays: 45,
    nouns: [
      ['Tee', 'Blouse', 'Tank', 'Long-Sleeve Tee'],
      ['Tee', 'Polo', 'Oxford Shirt', 'Henley'],
    ],
  },
];

export const categoryIndex = new Map(categories.map(({ name }, i) => [name, i]));
