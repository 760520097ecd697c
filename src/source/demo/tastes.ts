/** A latent group of customers with habits in common: what makes products be bought together by the same people. */
export interface Taste {
  name: string;
  share: number;
  /** Factor on the demand for a category; 1 where absent. */
  categories: Record<string, number>;
  /** Brands that the group buys more. */
  brands: string[];
}

/** Factor on the demand for a group's own brands. */
export const brandFactor = 3.5;
/** Share of choices made as another, random group would. */
export const strayShare = 0.12;
/** Share of choices in the customer's own department. */
export const ownDepartmentShare = 0.92;

export const tastes: Taste[] = [
  {
    name: 'sporty',
    share: 0.22,
    categories: {
      Active: 4,
      Leggings: 3,
      Shorts: 2,
      Socks: 1.6,
      'Suits & Blazers': 0.15,
      Dresses: 0.35,
      'Sleep & Lounge': 0.6,
      Jeans: 0.5,
    },
    brands: ['Brackwater', 'Strideholm', 'Quickmere', 'Vantrell'],
  },
  {
    name: 'office',
    share: 0.21,
    categories: {
      'Suits & Blazers': 4,
      Pants: 2.4,
      Dresses: 1.8,
      Accessories: 1.6,
      Active: 0.2,
      Leggings: 0.3,
      'Hoodies & Sweatshirts': 0.2,
    },
    brands: ['Pell & Drayne', 'Halvorne', 'Sorrowby', 'Marchelle Ost'],
  },
  {
    name: 'street',
    share: 0.23,
    categories: { Jeans: 3, 'Hoodies & Sweatshirts': 3, Accessories: 1.3, 'Suits & Blazers': 0.2, Pants: 0.6, 'Sleep & Lounge': 0.4 },
    brands: ['Ironquay', 'Nightferry', 'Lowtide Union', 'Kestrel Yard'],
  },
  {
    name: 'cosy',
    share: 0.16,
    categories: { 'Sleep & Lounge': 4, Sweaters: 2.6, Socks: 2, Leggings: 1.8, Active: 0.3, 'Suits & Blazers': 0.2, Shorts: 0.4 },
    brands: ['Woolenhythe', 'Dovetarn', 'Emberloft'],
  },
  {
    name: 'everyday',
    share: 0.18,
    categories: { 'Tops & Tees': 1.6, Jeans: 1.3, Pants: 1.3 },
    brands: ['Fennick Rowe', 'Tarnsey', 'Ostrelline', 'Briarmoss', 'Lumavale'],
  },
];

/** A taste's factor on the demand for one product. */
export function tasteFactor(taste: Taste, category: string, brand: string): number {
  return (taste.categories[category] ?? 1) * (taste.brands.includes(brand) ? brandFactor : 1);
}
