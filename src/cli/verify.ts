import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LookbookError } from '#contract/error.ts';
import { explainFailure } from '#run/failure.ts';
import { progress } from '#run/progress.ts';
import { verify } from '#run/verify.ts';

const usage = `Usage: npm run verify -- RUN [--data DIR] [--quiet]

Makes a published run again without the cache and compares every file byte by byte.
RUN is its folder, for instance output/site/demo/2026-11-15.`;

try {
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const { values, positionals } = parseArgs({
    options: { data: { type: 'string' }, quiet: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const [folder] = positionals;
  if (values.help) {
    process.stdout.write(`${usage}\n`);
  } else if (folder === undefined) {
    throw new LookbookError('usage', { what: 'no run named', where: 'command line', mend: usage });
  } else {
    const { comparisons, drift } = await verify(resolve(cwd, folder), values.data === undefined ? null : resolve(cwd, values.data), {
      root: fileURLToPath(new URL('../../', import.meta.url)),
      today: new Date().toISOString().slice(0, 10),
      signal: new AbortController().signal,
      progress: progress({
        quiet: values.quiet ?? false,
        columns: process.stderr.isTTY && !process.env.CI ? process.stderr.columns || 80 : null,
        write: (text) => process.stderr.write(text),
        now: () => performance.now(),
      }),
    });
    const unlike = comparisons.filter(({ outcome }) => outcome !== 'identical');
    for (const { file, outcome } of unlike) process.stdout.write(`${outcome.padEnd(9)}  ${file}\n`);
    for (const change of drift) process.stdout.write(`not as it was then: ${change}\n`);
    process.stdout.write(`${comparisons.length - unlike.length} of ${comparisons.length} files identical\n`);
    if (unlike.length > 0) process.exitCode = 1;
  }
} catch (error) {
  const { text, code } = explainFailure(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}
