import { recommendProducts, similarProducts } from '#api/index.ts';
import { recommendOptions, recommendUsage } from '#api/recommend-line.ts';
import { recommendationCsv, recommendationJson, recommendationTable } from '#api/recommendation-listing.ts';
import { readConfig } from '#run/config.ts';
import { explainFailure } from '#run/failure.ts';

const listings = { table: recommendationTable, csv: recommendationCsv, json: recommendationJson };

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
try {
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const { help, format, asked, exclude, ...query } = recommendOptions(process.argv.slice(2), await readConfig(cwd), cwd);
  if (help || asked === null) {
    process.stdout.write(`${recommendUsage}\n`);
  } else {
    const answer =
      'similarTo' in asked ? await similarProducts(asked.similarTo, query) : await recommendProducts({ ...asked, ...query, exclude });
    for (const day of answer.passedOver)
      process.stderr.write(`note: the run of ${day} has no recommendations; this rests on ${answer.run.asOf}\n`);
    if ('fallback' in answer) {
      if (answer.fallback) process.stderr.write(`note: ${answer.fallback.words}\n`);
      else if (answer.unknown.length > 0) process.stderr.write(`note: the run does not know ${answer.unknown.length} of the products\n`);
    }
    process.stdout.write(listings[format](answer));
  }
} catch (error) {
  const { text, code } = explainFailure(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}
