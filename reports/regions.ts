import { defineReport } from '#contract/report.ts';

export default defineReport({
  id: 'regions',
  title: 'Regional performance',
  reader: 'Country and operations leads',
  depth: 'in-depth',
  sections: ['regional-performance'],
});
