import { defineReport } from '#contract/report.ts';

export default defineReport({
  id: 'sales',
  title: 'Sales trends',
  reader: 'Commercial analysts who explain the numbers',
  depth: 'in-depth',
  sections: ['sales-trends'],
});
