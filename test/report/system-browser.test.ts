import { describe, expect, it } from 'vitest';
import { systemBrowsers } from '#report/system-browser.ts';

describe('browsers of the system', () => {
  it.each([
    [
      'darwin',
      { HOME: '/Users/a' },
      [
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Users/a/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      ],
    ],
    [
      'win32',
      { PROGRAMFILES: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' },
      [
        'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
        'C:\\Users\\a\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe',
      ],
    ],
    ['linux', { PATH: '/usr/local/bin::/usr/bin' }, ['/usr/local/bin/google-chrome-stable', '/usr/bin/google-chrome-stable']],
  ] as const)('%s: the likeliest first', (platform, env, first) => {
    expect(systemBrowsers(platform, env).slice(0, 2)).toEqual(first);
  });

  it.each(['darwin', 'win32', 'linux'] as const)('%s: none without an environment that leads to one', (platform) => {
    expect(systemBrowsers(platform, {}).filter((path) => !path.startsWith('/Applications/'))).toEqual([]);
  });
});
