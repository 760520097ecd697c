import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { LookbookError } from '#contract/error.ts';

/** Where the bearer token comes from: never from the command line, which others can read. */
export const tokenVariable = 'LOOKBOOK_API_TOKEN';
const shortestToken = 24;

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * The token that requests must carry; null on loopback without one.
 * @throws LookbookError (usage) for another host without a token, and for a token that could be guessed.
 */
export function tokenFor(host: string, env: Record<string, string | undefined>): string | null {
  const token = env[tokenVariable] ?? '';
  const mend = `set ${tokenVariable}, for instance to the output of: openssl rand -hex 32`;
  if (token === '') {
    if (isLoopback(host)) return null;
    throw new LookbookError('usage', {
      what: 'no token is set, and this address can be reached from other machines',
      where: `--host ${host}`,
      mend: `${mend}; or leave --host out to serve this machine alone`,
    });
  }
  if (token.length < shortestToken || !/^[A-Za-z0-9._~+/=-]+$/.test(token)) {
    const expected = `at least ${shortestToken} letters, digits or . _ ~ + / = -`;
    throw new LookbookError('usage', { what: 'not a token', where: tokenVariable, expected, found: `${token.length} characters`, mend });
  }
  return token;
}

/** A check of the Authorization header in constant time: digests of one length are compared, whatever was sent. */
export function tokenCheck(token: string): (header: string | undefined) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const wanted = digest(token);
  return (header) => {
    const sent = /^bearer +([^ ]+) *$/i.exec(header ?? '')?.[1] ?? '';
    return timingSafeEqual(digest(sent), wanted) && sent !== '';
  };
}

/** Whether a Host header names this machine: without a token a page elsewhere must not reach the service by a name of its own. */
export function isOwnHost(header: string | undefined): boolean {
  const host = (header ?? '').replace(/:[0-9]+$/, '').toLowerCase();
  return isLoopback(host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host);
}
