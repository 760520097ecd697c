import { defineReport } from '#contract/report.ts';

export default defineReport({
  id: 'website',
  title: 'Website performance',
  reader: 'Growth and web teams who own the funnel',
  depth: 'in-depth',
  sections: ['website-performance'],
});
