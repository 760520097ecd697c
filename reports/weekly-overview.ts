import { defineReport } from '#contract/report.ts';

export default defineReport({
  id: 'weekly-overview',
  title: 'Weekly executive report',
  reader: 'Stakeholders who decide on Monday what to do this week',
  depth: 'overview',
  sections: [
    'sales-trends',
    'product-performance',
    'regional-performance',
    'website-performance',
    'customer-base',
    'customer-value',
    'recommendations',
    'data-structure',
  ],
});
