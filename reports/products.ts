import { defineReport } from '#contract/report.ts';

export default defineReport({
  id: 'products',
  title: 'Product performance',
  reader: 'Merchandisers and buyers who set range and stock',
  depth: 'in-depth',
  sections: ['product-performance'],
});
