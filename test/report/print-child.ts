import { createHash } from 'node:crypto';
import { renderHtml } from '#report/html.ts';
import { printPdfs } from '#report/pdf.ts';
import { fixture } from './fixture.ts';

const page = await renderHtml(fixture('overview'));
const [pdf] = await printPdfs([{ html: page.html, title: page.title, lang: page.lang, producer: 'lookbook 0.1.0', asOf: '2026-08-16' }]);
const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
console.log(JSON.stringify({ html: hash(page.html), pdf: hash(pdf!) }));
