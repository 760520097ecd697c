import { clvOptions, clvUsage } from '#api/command-line.ts';
import { highValueNewCustomers } from '#api/index.ts';
import { listCsv, listJson, listTable } from '#api/listing.ts';
import { readConfig } from '#run/config.ts';
import { explainFailure } from '#run/failure.ts';

const listings = { table: listTable, csv: listCsv, json: listJson };

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
try {
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const { help, format, newWithin, top, horizon, ...run } = clvOptions(process.argv.slice(2), await readConfig(cwd), cwd);
  if (help) {
    process.stdout.write(`${clvUsage}\n`);
  } else {
    const answer = await highValueNewCustomers({
      ...run,
      firstPurchaseWithinDays: newWithin,
      top,
      ...(horizon === null ? {} : { horizon }),
    });
    for (const day of answer.passedOver)
      process.stderr.write(`note: the run of ${day} has no customer value; this rests on ${answer.run.asOf}\n`);
    if (!answer.supported) process.stderr.write(`note: the shop can't carry the model: ${answer.reason}\n`);
    process.stdout.write(listings[format](answer));
  }
} catch (error) {
  const { text, code } = explainFailure(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}
