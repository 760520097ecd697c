import { decodePDFRawStream, PDFArray, PDFDict, type PDFDocument, PDFName, PDFRawStream } from 'pdf-lib';

/** Text of a page as its content stream shows it, run by run, by the fonts' ToUnicode maps. */
export function pageText(pdf: PDFDocument, index: number): string[] {
  const { node } = pdf.getPage(index);
  const fonts = node.Resources()?.lookupMaybe(PDFName.of('Font'), PDFDict);
  const maps = new Map((fonts?.entries() ?? []).map(([name]) => [name.decodeText(), unicodeMap(fonts!.lookup(name, PDFDict))]));
  const contents = node.Contents();
  const streams = contents instanceof PDFArray ? Array.from({ length: contents.size() }, (_, i) => contents.lookup(i)) : [contents];
  const runs: string[] = [];
  let font: Map<number, string> | undefined;
  for (const stream of streams) {
    if (!(stream instanceof PDFRawStream)) continue;
    const code = Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1');
    for (const [, name, shown] of code.matchAll(/\/(\S+) [\d.]+ Tf|((?:<[0-9A-Fa-f]*>|\[[^\]]*\]) ?TJ?j?)/g)) {
      if (name) font = maps.get(name);
      else if (shown) runs.push([...shown.matchAll(/<([0-9A-Fa-f]*)>/g)].map(([, hex]) => decode(hex!, font)).join(''));
    }
  }
  return runs;
}

function decode(hex: string, font: Map<number, string> | undefined): string {
  return (hex.match(/.{4}/g) ?? []).map((glyph) => font?.get(Number.parseInt(glyph, 16)) ?? '').join('');
}

function unicodeMap(font: PDFDict): Map<number, string> {
  const map = new Map<number, string>();
  const stream = font.lookup(PDFName.of('ToUnicode'));
  if (!(stream instanceof PDFRawStream)) return map;
  const text = Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1');
  const chars = (hex: string) => Buffer.from(hex, 'hex').swap16().toString('utf16le');
  for (const [, block] of text.matchAll(/beginbfchar(.*?)endbfchar/gs)) {
    for (const [, glyph, to] of block!.matchAll(/<(\w+)>\s*<(\w+)>/g)) map.set(Number.parseInt(glyph!, 16), chars(to!));
  }
  for (const [, block] of text.matchAll(/beginbfrange(.*?)endbfrange/gs)) {
    for (const [, from, to, first] of block!.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const start = Number.parseInt(from!, 16);
      for (let i = start; i <= Number.parseInt(to!, 16); i += 1) map.set(i, String.fromCodePoint(Number.parseInt(first!, 16) + i - start));
    }
  }
  return map;
}
