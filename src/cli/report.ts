import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '#run/config.ts';
import { explainFailure } from '#run/failure.ts';
import { resolveOptions, usage } from '#run/options.ts';
import { progress } from '#run/progress.ts';
import { type RunSummary, run } from '#run/run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stop = new AbortController();

process.once('SIGINT', () => {
  process.stderr.write('\nstopping …\n');
  stop.abort();
  process.once('SIGINT', () => process.exit(130));
});
process.once('SIGTERM', () => stop.abort());

try {
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const { run: options, screen } = resolveOptions(process.argv.slice(2), await readConfig(cwd), cwd);
  if (screen.help) {
    process.stdout.write(`${usage}\n`);
  } else {
    const summary = await run(options, {
      root,
      today: new Date().toISOString().slice(0, 10),
      signal: stop.signal,
      progress: progress({
        quiet: screen.quiet || screen.json,
        columns: process.stderr.isTTY && !process.env.CI ? process.stderr.columns || 80 : null,
        write: (text) => process.stderr.write(text),
        now: () => performance.now(),
      }),
    });
    if (screen.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    else if (screen.explain) process.stdout.write(`${explained(summary)}\n`);
    if (!screen.json && !screen.quiet) process.stdout.write(`${described(summary, cwd)}\n`);
    else for (const warning of summary.warnings) process.stderr.write(`note: ${warning}\n`);
  }
} catch (error) {
  const { text, code } = explainFailure(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}

function explained({ decisions }: RunSummary): string {
  return decisions.map(({ step, decision, why }) => `${decision === 'run' ? 'run   ' : 'reused'} ${step}: ${why}`).join('\n');
}

function described({ reports, folder, index, quality, warnings }: RunSummary, cwd: string): string {
  const near = (path: string) => relative(cwd, path) || '.';
  const width = Math.max(...reports.map(({ id }) => id.length));
  return [
    '',
    ...warnings.map((warning) => `note: ${warning}`),
    ...reports.map(({ id, headline }) => `${id.padEnd(width)}  ${headline}`),
    '',
    `data tests: ${quality.passed} passed, ${quality.warned} warned, ${quality.failed} failed`,
    `reports:    ${near(folder)}`,
    `start page: ${near(index)}`,
  ].join('\n');
}
