import { defineReport } from '#contract/report.ts';

export default defineReport({
  id: 'customer-value',
  title: 'Customer value',
  reader: 'Marketing and CRM, who decide whom to look after',
  depth: 'in-depth',
  sections: ['customer-value', 'value-model', 'value-segment'],
});
