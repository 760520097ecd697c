import {
  PDFArray,
  PDFDict,
  type PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRawStream,
  PDFRef,
  PDFString,
} from 'pdf-lib';

/** What a PDF says of itself. */
export interface PdfFacts {
  title: string;
  /** BCP 47. */
  lang: string;
  subject?: string;
  /** 'lookbook 0.1.0'. */
  producer: string;
  /** Day that the dates are pinned to, 'YYYY-MM-DD'. */
  asOf: string;
}

/** Page number (from 1) of each named destination. */
export function destinationPages(pdf: PDFDocument): Map<string, number> {
  const pageOf = new Map(pdf.getPages().map((page, i) => [page.ref.toString(), i + 1]));
  const found = new Map<string, number>();
  const add = (name: string, target: PDFObject | undefined) => {
    const value = target instanceof PDFRef ? pdf.context.lookup(target) : target;
    const array = value instanceof PDFDict ? value.lookup(PDFName.of('D')) : value;
    const page = array instanceof PDFArray ? array.get(0) : undefined;
    const number = page instanceof PDFRef ? pageOf.get(page.toString()) : undefined;
    if (number !== undefined) found.set(name, number);
  };
  const old = pdf.catalog.lookupMaybe(PDFName.of('Dests'), PDFDict);
  for (const [name, target] of old?.entries() ?? []) add(name.decodeText(), target);
  const visit = (node: PDFDict | undefined) => {
    const names = node?.lookupMaybe(PDFName.of('Names'), PDFArray);
    for (let i = 0; names && i + 1 < names.size(); i += 2) add(textOf(names.lookup(i)), names.get(i + 1));
    const kids = node?.lookupMaybe(PDFName.of('Kids'), PDFArray);
    for (let i = 0; kids && i < kids.size(); i += 1) visit(kids.lookupMaybe(i, PDFDict));
  };
  visit(pdf.catalog.lookupMaybe(PDFName.of('Names'), PDFDict)?.lookupMaybe(PDFName.of('Dests'), PDFDict));
  return found;
}

/**
 * Makes a printed PDF say what it is, and the same bytes each time: title, language and producer, dates from the as-of day, structure
 * ids in order, bookmarks as the headings read, data links relative.
 */
export async function finishPdf(pdf: PDFDocument, facts: PdfFacts, page: { headings: string[]; placeholder: string }): Promise<Uint8Array> {
  const day = new Date(`${facts.asOf.slice(0, 10)}T00:00:00Z`);
  pdf.setTitle(facts.title, { showInWindowTitleBar: true });
  pdf.setLanguage(facts.lang);
  pdf.setProducer(facts.producer);
  pdf.setCreator(facts.producer);
  if (facts.subject) pdf.setSubject(facts.subject);
  pdf.setCreationDate(day);
  pdf.setModificationDate(day);
  repairBookmarks(pdf, page.headings);
  const strings = collect(pdf);
  renumber(strings);
  relativeLinks(pdf, page.placeholder);
  delete pdf.context.trailerInfo.ID;
  return pdf.save({ useObjectStreams: true, updateFieldAppearances: false });
}

/** Titles of the bookmarks, in reading order. */
export function bookmarks(pdf: PDFDocument): { title: string; item: PDFDict }[] {
  const found: { title: string; item: PDFDict }[] = [];
  const walk = (item: PDFDict | undefined) => {
    for (let at = item; at; at = at.lookupMaybe(PDFName.of('Next'), PDFDict)) {
      found.push({ title: textOf(at.lookup(PDFName.of('Title'))), item: at });
      walk(at.lookupMaybe(PDFName.of('First'), PDFDict));
    }
  };
  walk(pdf.catalog.lookupMaybe(PDFName.of('Outlines'), PDFDict)?.lookupMaybe(PDFName.of('First'), PDFDict));
  return found;
}

/** A heading that wraps loses the blank where it does, and one that moves to the next page stands twice; the page's own text is right. */
function repairBookmarks(pdf: PDFDocument, headings: string[]): void {
  const bare = (text: string) => text.replace(/\s+/g, '');
  let next = 0;
  for (const { title, item } of bookmarks(pdf)) {
    const is = (heading: string) => bare(title) === bare(heading) || bare(title) === bare(heading).repeat(2);
    const at = headings.findIndex((heading, i) => i >= next && is(heading));
    if (at < 0) continue;
    next = at + 1;
    item.set(PDFName.of('Title'), PDFHexString.fromText(headings[at]!));
  }
}

interface Found {
  text: string;
  replace: (text: string) => void;
}

/** Structure ids ('node00000042') wherever they stand. */
function collect(pdf: PDFDocument): Found[] {
  const found: Found[] = [];
  const seen = new Set<PDFObject>();
  const look = (value: PDFObject, replace: (value: PDFObject) => void) => {
    if (value instanceof PDFString || value instanceof PDFHexString) {
      const text = value.decodeText();
      if (/^node\d+$/.test(text)) found.push({ text, replace: (next) => replace(PDFString.of(next)) });
    } else visit(value);
  };
  const visit = (value: PDFObject) => {
    if (seen.has(value)) return;
    seen.add(value);
    if (value instanceof PDFArray) for (let i = 0; i < value.size(); i += 1) look(value.get(i), (next) => value.set(i, next));
    else if (value instanceof PDFDict) for (const [key, inner] of value.entries()) look(inner, (next) => value.set(key, next));
    else if (value instanceof PDFRawStream) visit(value.dict);
  };
  for (const [, object] of pdf.context.enumerateIndirectObjects()) visit(object);
  return found;
}

/** Keeps the ids' order and width, so that the sorted id tree stays sorted. */
function renumber(found: Found[]): void {
  const ids = [...new Set(found.map(({ text }) => text))].sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)));
  const width = Math.max(8, ...ids.map((id) => id.length - 4));
  const next = new Map(ids.map((id, i) => [id, `node${String(i + 1).padStart(width, '0')}`]));
  for (const { text, replace } of found) replace(next.get(text)!);
}

function relativeLinks(pdf: PDFDocument, placeholder: string): void {
  for (const [, object] of pdf.context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFDict)) continue;
    const action = object.lookup(PDFName.of('A'));
    if (!(action instanceof PDFDict)) continue;
    const uri = action.lookup(PDFName.of('URI'));
    if (!(uri instanceof PDFString || uri instanceof PDFHexString)) continue;
    const text = textOf(uri);
    if (text.startsWith(placeholder)) action.set(PDFName.of('URI'), PDFString.of(text.slice(placeholder.length)));
  }
}

function textOf(value: PDFObject | undefined): string {
  if (value instanceof PDFString || value instanceof PDFHexString) return value.decodeText();
  if (value instanceof PDFName) return value.decodeText();
  return value instanceof PDFNumber ? String(value.asNumber()) : '';
}
