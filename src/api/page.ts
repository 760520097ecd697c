import { createHash } from 'node:crypto';
import { tokenVariable } from './access.ts';
import type { Document, Operation, Parameter } from './openapi.ts';
import { problems } from './problem.ts';

const style = `:root{color-scheme:light dark;--ink:#1b1b18;--text:#2e2e2a;--mute:#66645c;--rule:#d9d6cc;--paper:#fff;--wash:#f7f6f2;--accent:#0e5a63}
@media(prefers-color-scheme:dark){:root{--ink:#f2f0e9;--text:#d9d7cf;--mute:#a3a097;--rule:#3d3b35;--paper:#171714;--wash:#211f1b;--accent:#7cc4cd}}
*{box-sizing:border-box}
html{font:16px/1.55 system-ui,sans-serif;color:var(--text);background:var(--paper);-webkit-text-size-adjust:100%}
body{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1,h2,h3{color:var(--ink);line-height:1.25;text-wrap:balance}
h1{font-size:1.9rem;margin:.5rem 0}h2{margin-top:3rem;border-top:2px solid var(--ink);padding-top:1rem}h3{font-size:1rem;margin:1.5rem 0 .25rem}
a{color:var(--accent)}code,pre{font:.875em/1.5 ui-monospace,monospace}code{overflow-wrap:anywhere}
pre{background:var(--wash);border:1px solid var(--rule);padding:.75rem;white-space:pre-wrap;overflow-wrap:anywhere}
.lede{font-size:1.1rem;max-width:42rem}
section{border-top:1px solid var(--rule);padding-top:.5rem;margin-top:2rem}
.method{color:var(--accent);font-weight:700}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);padding:.4rem .75rem .4rem 0}
th{color:var(--mute);font-weight:500}
details{margin:.5rem 0}summary{cursor:pointer;color:var(--accent)}
@media(max-width:40rem){thead{display:none}tr,td{display:block}tr{border-bottom:1px solid var(--rule);padding:.5rem 0}td{border:0;padding:0}}
:target{background:var(--wash)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}`;

/** What a browser may load on the page: its own style, and nothing else. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The document as a page for people: no script, no request, fit for a phone and for the dark. */
export function pageOf(document: Document): string {
  const { info, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)} API</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(info.title)} API <small>${escaped(info.version)}</small></h1>
<p class="lede">${escaped(info.summary)}</p>
<p>${escaped(info.description)}</p>
<p>For machines: <a href="/openapi.json">OpenAPI ${escaped(document.openapi)}</a>. Where the service was started with a token, send it as
<code>Authorization: Bearer …</code>; it is the value of <code>${tokenVariable}</code> there.</p>
<nav aria-label="Addresses"><ul>
${operations.map(({ path, method, operation }) => `<li><a href="#${operation.operationId}"><code>${method} ${escaped(path)}</code></a> ${escaped(operation.summary)}</li>`).join('\n')}
</ul></nav>
<h2>Addresses</h2>
${operations.map(({ path, method, operation }) => section(path, method, operation)).join('\n')}
<h2>Forms</h2>
${Object.entries(components.schemas)
  .map(([id, schema]) => `<h3 id="form-${id}">${escaped(id)}</h3>\n${form(schema)}`)
  .join('\n')}
<h2>Problems</h2>
<p>Errors are <code>application/problem+json</code> (RFC 9457); <code>type</code> points to a row of this table.</p>
<table>
<thead><tr><th scope="col">Status</th><th scope="col">Type</th><th scope="col">Meaning</th><th scope="col">What to do</th></tr></thead>
<tbody>
${Object.entries(problems)
  .map(
    ([kind, { status, title, mend }]) =>
      `<tr id="${kind}"><td>${status}</td><td><code>${kind}</code></td><td>${escaped(title)}</td><td>${escaped(mend)}</td></tr>`,
  )
  .join('\n')}
</tbody></table>
</main>
</body>
</html>
`;
}

function section(path: string, method: string, operation: Operation): string {
  const { operationId, summary, description, parameters, requestBody, responses, security } = operation;
  const { schema: body, example } = requestBody?.content['application/json'] ?? {};
  const sent = body ? ` \\\n  --json '${JSON.stringify(example)}'` : '';
  const answers = Object.entries(responses).map(
    ([status, { description: text, content }]) =>
      `<tr><td>${status}</td><td>${escaped(text)}</td><td>${Object.entries(content ?? {})
        .map(([type, { schema }]) => `${escaped(type.split(';')[0] as string)} ${named(schema)}`)
        .join(', ')}</td></tr>`,
  );
  return `<section id="${operationId}">
<h3><code><span class="method">${method}</span> ${escaped(path)}</code></h3>
<p><strong>${escaped(summary)}.</strong> ${escaped(description)}${security.length > 0 ? '' : ' Needs no token.'}</p>
${parameters.length > 0 ? parameterTable(parameters) : ''}${body ? form(body) : ''}
<pre>${escaped(`curl 'http://localhost:8080${path.replace('{id}', '1042')}'${sent}`)}</pre>
<details><summary>Answers</summary><table>
<thead><tr><th scope="col">Status</th><th scope="col">Meaning</th><th scope="col">Form</th></tr></thead>
<tbody>${answers.join('\n')}</tbody></table></details>
</section>`;
}

function parameterTable(parameters: Parameter[]): string {
  const rows = parameters.map(({ name, in: where, required, description, schema }) => {
    const { type, minimum, maximum, default: otherwise } = schema;
    const range = minimum === undefined ? '' : `, ${minimum} to ${maximum}`;
    const need = required ? 'required' : otherwise === undefined ? 'optional' : `default ${otherwise}`;
    return `<tr><td><code>${escaped(name)}</code></td><td>${where}</td><td>${escaped(`${type}${range}`)}; ${escaped(need)}</td><td>${escaped(description)}</td></tr>`;
  });
  return `<table>
<thead><tr><th scope="col">Parameter</th><th scope="col">In</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

interface Shape {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  description?: string;
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
}

function form(schema: Shape): string {
  return `<p>${escaped(schema.description ?? '')}</p>
<table><thead><tr><th scope="col">Field</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead>
<tbody>${fields(schema, '').join('\n')}</tbody></table>`;
}

function fields(schema: Shape, before: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    const path = `${before}${name}`;
    const row = `<tr><td><code>${escaped(path)}</code></td><td>${typeOf(one)}</td><td>${escaped(one.description ?? '')}</td></tr>`;
    const inner = [one, ...(one.anyOf ?? [])].find(({ properties }) => properties);
    const within = one.items?.properties ? fields(one.items, `${path}[].`) : inner ? fields(inner, `${path}.`) : [];
    return [row, ...within];
  });
}

function typeOf(schema: Shape): string {
  if (schema.$ref) return named(schema);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  return escaped([schema.type ?? JSON.stringify(schema.const) ?? 'any'].flat().join(' or '));
}

function named(schema: Shape): string {
  const id = schema.$ref?.split('/').at(-1);
  return id ? `<a href="#form-${id}">${escaped(id)}</a>` : '';
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
