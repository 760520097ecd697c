import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOptions, apiUsage } from '#api/command-line.ts';
import { ownFolder, until } from '../api/client.ts';
import { outFolder, publishRun } from '../api/published.ts';
import { type Command, start } from './command.ts';

const { out: place, remove } = outFolder();
const token = 'a-token-of-sufficient-length';

beforeAll(() => publishRun(join(place, 'output'), { customers: 60 }));
afterAll(remove);

const lines = (command: Command) =>
  command
    .said()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function serving(args: string[] = [], env: Record<string, string> = {}): Promise<Command & { origin: string }> {
  const command = start('api', ['--port', '0', ...args], { cwd: place, env });
  await until('a port', () => lines(command).some(({ msg }) => String(msg).startsWith('listening on')));
  const line = lines(command).find(({ msg }) => String(msg).startsWith('listening on'));
  return { ...command, origin: String(line?.msg).replace('listening on ', '') };
}

describe('options', () => {
  it('serve this machine alone unless told otherwise', () => {
    expect(apiOptions([], {}, {}, '/shop')).toEqual({
      out: '/shop/output',
      shop: null,
      asOf: null,
      port: 8080,
      host: '127.0.0.1',
      token: null,
      rate: 2000,
      help: false,
    });
    expect(apiOptions(['--host', '0.0.0.0'], {}, { LOOKBOOK_API_TOKEN: token }, '/shop')).toMatchObject({ host: '0.0.0.0', token });
    for (const flag of ['port', 'host', 'rate', 'shop', 'as-of', 'out', 'help']) expect(apiUsage).toContain(`--${flag}`);
  });

  it.each([
    [['--prot', '1'], 'did you mean --port?'],
    [['--port', '65536'], '0 to 65535'],
    [['--port', 'http'], '0 to 65535'],
    [['--rate', '0'], '1 or more'],
    [['--host', '0.0.0.0'], 'LOOKBOOK_API_TOKEN'],
    [['--host', '::'], 'LOOKBOOK_API_TOKEN'],
  ])('%j is refused', (argv, hint) => {
    expect(() => apiOptions(argv, {}, {}, '/shop')).toThrow(hint);
  });
});

describe('npm run api', () => {
  it.each([
    ['SIGTERM', 0],
    ['SIGINT', 0],
  ] as const)('ends in order on %s', async (signal, exit) => {
    const command = await serving();
    const answer = await fetch(`${command.origin}/v1/customers/c000001/value`);
    expect(answer.status).toBe(200);
    command.child.kill(signal);
    const { code, stderr } = await command.ended;
    expect([code, stderr]).toEqual([exit, '']);
    await expect(fetch(command.origin)).rejects.toThrow();
  });

  it('ends though a client holds a connection and asks nothing', async () => {
    const command = await serving();
    const socket = connect(Number(new URL(command.origin).port), '127.0.0.1');
    await new Promise((connected) => socket.once('connect', connected));
    const begun = performance.now();
    command.child.kill('SIGTERM');
    expect((await command.ended).code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(8000);
    socket.destroy();
  });

  it('writes lines of JSON, without whom was asked about', async () => {
    const command = await serving([], { LOOKBOOK_API_TOKEN: token });
    await fetch(`${command.origin}/v1/customers/c000042/value`, { headers: { authorization: `Bearer ${token}` } });
    command.child.kill('SIGTERM');
    const { stdout } = await command.ended;
    expect(stdout).not.toMatch(new RegExp(`c000042|${token}`));
    expect(lines(command)).toContainEqual(
      expect.objectContaining({ level: 'info', route: '/v1/customers/:id/value', status: 200, ms: expect.any(Number) }),
    );
    expect(lines(command).every(({ time, level }) => typeof level === 'string' && !Number.isNaN(Date.parse(String(time))))).toBe(true);
  });

  it('says what keeps it from starting', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => taken.once('listening', listening));
    const { port } = taken.address() as { port: number };
    const cases: [string[], number, RegExp][] = [
      [['--host', '0.0.0.0'], 2, /can be reached from other machines[\s\S]*LOOKBOOK_API_TOKEN/],
      [['--port', String(port)], 2, /already in use[\s\S]*--port/],
      [['--prot', '1'], 2, /did you mean --port\?/],
    ];
    for (const [args, exit, text] of cases) {
      const { code, stderr } = await start('api', args, { cwd: place }).ended;
      expect(code, args.join(' ')).toBe(exit);
      expect(stderr).toMatch(text);
    }
    taken.close();
  });

  it('wants the shop named where several are published', async () => {
    const other = { out: ownFolder() };
    await publishRun(join(other.out, 'output'), { customers: 10 });
    await publishRun(join(other.out, 'output'), { customers: 10, shop: 'thelook' });
    const { code, stderr } = await start('api', ['--port', '0'], { cwd: other.out }).ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining('demo, thelook')]);
  });

  it('helps', async () => {
    expect(await start('api', ['--help'], { cwd: place }).ended).toMatchObject({ code: 0, stdout: `${apiUsage}\n`, stderr: '' });
  });
});
