import { defineReport } from '#contract/report.ts';

export default defineReport({
  id: 'customers',
  title: 'Customer base',
  reader: 'Marketing and customer teams',
  depth: 'in-depth',
  sections: ['customer-base'],
});
