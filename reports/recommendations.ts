import { defineReport } from '#contract/report.ts';

export default defineReport({
  id: 'recommendations',
  title: 'Recommendations',
  reader: 'CRM and merchandising, who decide what to offer to whom',
  depth: 'in-depth',
  sections: ['recommendations', 'baskets', 'cross-sell'],
});
