/**
 * What a page script needs to know of print: A4 without its margins, and the gap that parts the columns that stand for sheets. Keep with
 * `@page` in templates/report.css.
 */
export const sheet = { width: '170mm', height: '259mm', gap: '20mm' } as const;

/**
 * In the page: lays the report out in columns of a sheet's size, which break as printed sheets do, and reads off where things fall. First
 * what does not fit on its sheet gives way, from the end (`data-spare` in a `main` with `data-fit`); then the contents get the page number
 * of each entry. A guess, though a good one: the print tells.
 * @returns page numbers by anchor, as written into the contents.
 */
export function paginate({ width, height, gap }: typeof sheet): Record<string, string> {
  const columns = new CSSStyleSheet();
  columns.replaceSync(
    `body{width:${width};height:${height};columns:${width};column-gap:${gap};column-fill:auto}.page{break-before:column}.page.flows{break-before:auto}`,
  );
  document.adoptedStyleSheets = [columns];
  const step = (Number.parseFloat(width) + Number.parseFloat(gap)) * (96 / 25.4);
  const left = document.body.getBoundingClientRect().left;
  const pageOf = (rect: DOMRect | undefined): number => (rect ? 1 + Math.round((rect.left - left) / step) : 1);
  const first = (element: Element | null): number => pageOf(element?.getClientRects()[0]);
  const last = (element: Element): number => pageOf([...element.getClientRects()].at(-1));

  let sheets: Element[] = [];
  for (const section of document.querySelectorAll('[data-fit] > .page')) {
    sheets = section.classList.contains('flows') ? [...sheets, section] : [section];
    const spare = sheets.flatMap((part) => [...part.querySelectorAll<HTMLElement>('[data-spare]')]).filter(({ hidden }) => !hidden);
    while (last(section) > first(sheets[0]!)) {
      const least = spare.pop();
      if (!least) break;
      least.hidden = true;
    }
  }

  const numbers: Record<string, string> = {};
  for (const entry of document.querySelectorAll('[data-toc]')) {
    const anchor = entry.getAttribute('data-toc')!;
    numbers[anchor] = String(first(document.getElementById(anchor)));
    entry.textContent = numbers[anchor];
  }
  document.adoptedStyleSheets = [];
  return numbers;
}
