import { clean } from './measure.ts';

/** A text as it may stand in XML, in content or in an attribute. */
export function escapeXml(text: string): string {
  return clean(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
