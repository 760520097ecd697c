import { describe, expect, it } from 'vitest';
import { progress } from '#run/progress.ts';

/** What a screen shows of two steps that overlap, the first taking two seconds. */
async function shown(columns: number | null, quiet = false): Promise<string> {
  let [text, clock] = ['', 0];
  const screen = progress({ quiet, columns, write: (part) => (text += part), now: () => clock });
  let finish = () => {};
  const first = screen.step('models', async (say) => {
    await new Promise<void>((done) => {
      finish = done;
    });
    say('3 built');
  });
  await screen.step('a rather long name of an analysis', () => {
    clock += 500;
  });
  screen.line('note: late');
  clock += 1500;
  finish();
  await first;
  return text;
}

describe('progress', () => {
  it('is plain lines where there is no terminal', async () => {
    expect(await shown(null)).toBe('  0.5 s  a rather long name of an analysis\nnote: late\n  2.0 s  models: 3 built\n');
  });

  it('keeps what is under way in the last line of a terminal, never wider than it', async () => {
    const clear = '\r\x1b[K';
    const parts = (await shown(24)).split(clear).slice(1);
    expect(parts).toEqual([
      '… models',
      '… models, a rather lon…',
      '  0.5 s  a rather long name of an analysis\n… models',
      'note: late\n… models',
      '  2.0 s  models: 3 built\n',
    ]);
  });

  it('says nothing when asked to be quiet', async () => {
    expect(await shown(80, true)).toBe('');
  });

  it('leaves a clean line when a step fails', async () => {
    let text = '';
    const screen = progress({ quiet: false, columns: 80, write: (part) => (text += part), now: () => 0 });
    await expect(screen.step('models', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(text.endsWith('\r\x1b[K')).toBe(true);
  });
});
