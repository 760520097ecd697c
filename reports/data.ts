import { defineReport } from '#contract/report.ts';

export default defineReport({
  id: 'data',
  title: 'Data structure and quality',
  reader: 'Analysts and engineers who own the data',
  depth: 'in-depth',
  sections: ['data-structure'],
});
