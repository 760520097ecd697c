import { readFileSync } from 'node:fs';
import { apiOptions, apiUsage } from '#api/command-line.ts';
import { startService } from '#api/service.ts';
import { readConfig } from '#run/config.ts';
import { explainFailure } from '#run/failure.ts';

const secondsToEnd = 10;

try {
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const { help, ...options } = apiOptions(process.argv.slice(2), await readConfig(cwd), process.env, cwd);
  if (help) {
    process.stdout.write(`${apiUsage}\n`);
  } else {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    const service = await startService({ ...options, version });
    const stop = (signal: NodeJS.Signals) => {
      process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
      setTimeout(() => process.exit(1), secondsToEnd * 1000).unref();
      void service.close();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  }
} catch (error) {
  const { text, code } = explainFailure(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}
