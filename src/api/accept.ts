/**
 * Whether an Accept header admits a media type (RFC 9110, 12.5.1): the most specific range that matches decides, and q=0 refuses.
 * No header admits all.
 */
export function accepts(header: string | undefined, type: string): boolean {
  if (header === undefined || header.trim() === '' || header === '*/*') return true;
  const [group] = type.split('/');
  let best = { precision: -1, quality: 0 };
  for (const part of header.split(',')) {
    const [range, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const precision = [`*/*`, `${group}/*`, type].indexOf(range ?? '');
    if (precision < 0) continue;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = q === undefined ? 1 : Number(q.slice(2));
    if (precision > best.precision) best = { precision, quality };
    else if (precision === best.precision) best.quality = Math.max(best.quality, quality);
  }
  return best.quality > 0;
}

/** Whether If-None-Match names the entity tag; weakly compared, as RFC 9110 wants it for this header. */
export function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
