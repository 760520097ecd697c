import Handlebars from 'handlebars';

/** Pages of the overview that an analysis can write on. */
export type OverviewPage = 'week' | 'drivers' | 'areas';
const overviewPages: OverviewPage[] = ['week', 'drivers', 'areas'];

/** The helpers of a narrative: what each takes. `words` are typed text and hold no digit; ids may. */
export const narrativeHelpers = {
  value: { least: 1, most: 1 },
  change: { least: 1, most: 2 },
  base: { least: 2, most: 2 },
  n: { least: 1, most: 1 },
  period: { least: 1, most: 1 },
  interval: { least: 1, most: 1 },
  standing: { least: 1, most: 1 },
  effect: { least: 1, most: 1 },
  stake: { least: 1, most: 1 },
  param: { least: 1, most: 1 },
  tested: { least: 0, most: 0 },
  called: { least: 0, most: 0 },
  kpis: { least: 1, most: 12 },
  figure: { least: 1, most: 1 },
  table: { least: 1, most: 1 },
  finding: { least: 1, most: 1 },
  findings: { least: 0, most: 0 },
  actions: { least: 0, most: 0 },
  caveats: { least: 0, most: 0 },
  heading: { least: 1, most: 1, words: true },
  pair: { least: 0, most: 0, block: true },
  overview: { least: 0, most: 1, block: true },
  'in-depth': { least: 0, most: 0, block: true },
  'if-has': { least: 1, most: 1, block: true },
} as const satisfies Record<string, { least: number; most: number; words?: boolean; block?: boolean }>;

const allowedTags = new Set(['p', 'ul', 'ol', 'li', 'em', 'strong']);
const pageBlocks = new Set(['overview', 'in-depth']);

type Node = { type: string; loc: { start: { line: number } } } & Record<string, unknown>;
type Call = Node & { path: Node & { original: string }; params: (Node & { value?: unknown })[]; hash?: { pairs: unknown[] } };

/** What is wrong with a narrative, and where. */
export interface Fault {
  line: number;
  what: string;
}

/** Checks a narrative's syntax tree: known helpers, literal ids, no typed digit, no markup beyond a few tags. Does not throw for syntax. */
export function checkNarrative(source: string): Fault[] {
  const faults: Fault[] = [];
  const fault = (node: Node, what: string) => faults.push({ line: node.loc.start.line, what });

  const visit = (nodes: Node[], inPage: boolean): void => {
    for (const node of nodes) {
      if (node.type === 'CommentStatement') continue;
      if (node.type === 'ContentStatement') checkContent(node, fault);
      else if (node.type === 'MustacheStatement') {
        if (node.escaped === false) fault(node, 'unescaped output {{{ }}} is not allowed');
        checkCall(node as Call, false, fault);
      } else if (node.type === 'BlockStatement') {
        const call = node as Call;
        checkCall(call, true, fault);
        const isPage = pageBlocks.has(call.path.original);
        if (isPage && inPage) fault(node, `{{#${call.path.original}}} must not stand inside another page block`);
        for (const program of [node.program, node.inverse] as ({ body: Node[] } | null | undefined)[]) {
          if (program) visit(program.body, inPage || isPage);
        }
      } else fault(node, `${node.type} is not allowed in a narrative`);
    }
  };
  visit((Handlebars.parse(source) as unknown as { body: Node[] }).body, false);
  return faults;
}

function checkContent(node: Node, fault: (node: Node, what: string) => void): void {
  const text = String(node.original);
  const typed = /[^\n]*[0-9][^\n]*/.exec(text);
  if (typed) fault(node, `a typed number in «${typed[0].trim()}»; bind it with {{value}}, {{change}}, {{n}} or {{param}}`);
  for (const [tag, name] of text.matchAll(/<\/?([a-zA-Z]*)[^>]*>?/g)) {
    if (!allowedTags.has(name!) || !/^<\/?[a-z]+>$/.test(tag))
      fault(node, `markup ${tag} is not allowed; use p, ul, ol, li, em, strong without attributes`);
  }
}

function checkCall(call: Call, isBlock: boolean, fault: (node: Node, what: string) => void): void {
  const name = call.path.original;
  const helper = (narrativeHelpers as Record<string, { least: number; most: number; words?: boolean; block?: boolean }>)[name];
  if (!helper || !Object.hasOwn(narrativeHelpers, name)) {
    fault(call, `unknown helper {{${name}}}; known: ${Object.keys(narrativeHelpers).join(', ')}`);
    return;
  }
  if ((helper.block ?? false) !== isBlock) fault(call, isBlock ? `{{${name}}} is not a block` : `{{#${name}}} is a block`);
  if (call.hash?.pairs.length) fault(call, `{{${name}}} takes no named arguments`);
  const { params } = call;
  if (params.length < helper.least || params.length > helper.most) {
    const range = helper.least === helper.most ? `${helper.least}` : `${helper.least} to ${helper.most}`;
    fault(call, `{{${name}}} takes ${range} argument(s), found ${params.length}`);
  }
  for (const param of params) {
    if (param.type !== 'StringLiteral') fault(call, `{{${name}}} takes literal ids in quotes`);
    else if (helper.words && /[0-9]/.test(String(param.value))) fault(call, `a typed number in the words of {{${name}}}`);
  }
  if (name === 'overview' && params[0] && !overviewPages.includes(params[0].value as OverviewPage)) {
    fault(call, `the overview has no page '${String(params[0].value)}'; pages: ${overviewPages.join(', ')}`);
  }
}
