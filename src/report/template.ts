import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { LookbookError } from '#contract/error.ts';

const folder = join(import.meta.dirname, '../../templates');
const engine = Handlebars.create();
let loaded: Map<string, Handlebars.TemplateDelegate> | undefined;

/** Our own markup, printed unescaped. Never for anything from the data. */
export const safe = (html: string): Handlebars.SafeString => new Handlebars.SafeString(html);

/** Escapes text for HTML, attribute values too. */
export const escapeHtml = (text: string): string => Handlebars.escapeExpression(text);

/**
 * Renders `templates/<name>.hbs`; each template is a partial of the others.
 * @throws LookbookError('render') when the view lacks a name that the template prints.
 */
export function render(name: string, view: object): string {
  const template = load().get(name);
  if (!template) throw new LookbookError('render', { what: 'no such template', where: `templates/${name}.hbs` });
  try {
    return template(view);
  } catch (cause) {
    throw new LookbookError('render', { what: (cause as Error).message, where: `templates/${name}.hbs` }, { cause });
  }
}

function load(): Map<string, Handlebars.TemplateDelegate> {
  if (loaded) return loaded;
  loaded = new Map();
  for (const file of readdirSync(folder)
    .filter((f) => f.endsWith('.hbs'))
    .sort()) {
    const name = file.slice(0, -'.hbs'.length);
    const source = readFileSync(join(folder, file), 'utf8');
    engine.registerPartial(name, source);
    loaded.set(name, engine.compile(source, { strict: true, preventIndent: true }));
  }
  return loaded;
}
