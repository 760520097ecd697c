export interface Brand {
  name: string;
  /** Factor on the list price. */
  level: number;
  /** Names of the categories that it makes. */
  makes: string[];
}

const sport = ['Active', 'Leggings', 'Shorts', 'Socks', 'Hoodies & Sweatshirts', 'Tops & Tees'];
const office = ['Suits & Blazers', 'Pants', 'Dresses', 'Sweaters', 'Outerwear & Coats', 'Tops & Tees', 'Accessories'];
const street = ['Jeans', 'Hoodies & Sweatshirts', 'Tops & Tees', 'Accessories', 'Outerwear & Coats', 'Shorts'];
const home = ['Sleep & Lounge', 'Socks', 'Sweaters', 'Leggings', 'Tops & Tees'];
const everyday = ['Jeans', 'Pants', 'Dresses', 'Tops & Tees', 'Shorts', 'Accessories', 'Socks', 'Sweaters'];

/** Invented names. */
export const brands: Brand[] = [
  { name: 'Brackwater', level: 1, makes: sport },
  { name: 'Strideholm', level: 1.25, makes: sport },
  { name: 'Quickmere', level: 0.8, makes: sport },
  { name: 'Vantrell', level: 1.1, makes: sport },
  { name: 'Pell & Drayne', level: 1.35, makes: office },
  { name: 'Halvorne', level: 1, makes: office },
  { name: 'Sorrowby', level: 0.85, makes: office },
  { name: 'Marchelle Ost', level: 1.2, makes: office },
  { name: 'Ironquay', level: 1.1, makes: street },
  { name: 'Nightferry', level: 0.9, makes: street },
  { name: 'Lowtide Union', level: 1.25, makes: street },
  { name: 'Kestrel Yard', level: 0.75, makes: street },
  { name: 'Woolenhythe', level: 1.15, makes: home },
  { name: 'Dovetarn', level: 0.9, makes: home },
  { name: 'Emberloft', level: 1, makes: home },
  { name: 'Fennick Rowe', level: 1, makes: everyday },
  { name: 'Tarnsey', level: 0.8, makes: everyday },
  { name: 'Ostrelline', level: 1.2, makes: everyday },
  { name: 'Briarmoss', level: 0.95, makes: everyday },
  { name: 'Lumavale', level: 1.05, makes: everyday },
];

export const adjectives = [
  'Ribbed',
  'Brushed',
  'Organic',
  'Classic',
  'Relaxed',
  'Everyday',
  'Washed',
  'Soft',
  'Striped',
  'Textured',
  'Lightweight',
  'Heritage',
  'Tailored',
  'Cropped',
  'Modern',
  'Vintage',
  'Merino',
  'Stretch',
  'Colour-Block',
  'Garment-Dyed',
  'Essential',
  'Fine-Knit',
  'Weekend',
  'Double-Stitch',
];
export const colours = ['Slate', 'Ivory', 'Navy', 'Olive', 'Rust', 'Charcoal', 'Sand', 'Plum', 'Forest', 'Ink'];
