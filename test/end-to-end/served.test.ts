import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Command, type Place, report, start } from './command.ts';
import { folder, projectCopy } from './project.ts';

/** A customer as the functions and the command write it; the service writes its names with underscores. */
interface Printed {
  customerId: string;
  outlook: { value: object };
}
interface Listed {
  customer_id: string;
  outlook: { value: object };
}

let service: Command | null = null;
afterAll(() => {
  service?.child.kill('SIGTERM');
});

/** The origin that a service writes in its first log lines. */
async function originOf(command: Command): Promise<string> {
  for await (const piece of command.child.stdout!) {
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(String(piece));
    if (found) return found[0];
  }
  throw new Error('the service ended without listening');
}

describe('from a run to the commands and the service', () => {
  const place: Place = { root: projectCopy(), cwd: folder() };
  const demo = ['customer-value', 'recommendations', '--shop', 'demo', '--format', 'html', '--as-of', '2026-11-15', '--json'];
  beforeAll(async () => {
    const ending = await report(demo, { ...place, env: { CI: 'true' } });
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    const { folder: published } = JSON.parse(ending.stdout) as { folder: string };
    const manifest = JSON.parse(readFileSync(join(published, 'manifest.json'), 'utf8')) as { engines: object };
    expect(manifest.engines).toEqual({ recommendations: expect.stringMatching(/^(wasm|tensorflow|cpu) \d/) });
  }, 120_000);

  it('gives the same list over both, as the report has it', async () => {
    const asked = await start('clv', ['--new-within', '90', '--top', '5', '--format', 'json'], place).ended;
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    const printed = JSON.parse(asked.stdout) as { customers: Printed[]; run: { manifest: string } };
    service = start('api', ['--port', '0'], place);
    const origin = await originOf(service);
    const answer = await fetch(`${origin}/v1/customers/high-value-new?first_purchase_within_days=90&top=5`);
    expect(answer.status).toBe(200);
    const listed = (await answer.json()) as { customers: Listed[]; run: { manifest: string } };
    expect(listed.customers.map(({ customer_id: id, outlook }) => [id, outlook.value])).toEqual(
      printed.customers.map(({ customerId: id, outlook }) => [id, outlook.value]),
    );
    expect(listed.run.manifest).toEqual(printed.run.manifest);
    const one = await fetch(`${origin}/v1/customers/${listed.customers[0]!.customer_id}/value`);
    expect(((await one.json()) as { customer: Listed }).customer.outlook.value).toEqual(listed.customers[0]!.outlook.value);
    const { customerId } = printed.customers[0]!;
    const offered = await start('recommend', ['--customer', customerId, '-k', '3', '--format', 'json'], place).ended;
    expect(offered).toMatchObject({ code: 0, stderr: '' });
    const { recommendations } = JSON.parse(offered.stdout) as { recommendations: { productId: string; reason: { words: string } }[] };
    expect(recommendations).toHaveLength(3);
    const advice = await fetch(`${origin}/v1/customers/${customerId}/recommendations?k=3`);
    const advised = (await advice.json()) as { recommendations: { product_id: string; reason: { words: string } }[] };
    expect(advised.recommendations.map(({ product_id: id, reason }) => [id, reason.words])).toEqual(
      recommendations.map(({ productId: id, reason }) => [id, reason.words]),
    );
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
    service = null;
  }, 60_000);
});
