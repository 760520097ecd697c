import { exitCode, LookbookError } from '#contract/error.ts';

/** A failure as a person reads it: what, where, how to mend it; and the exit code of its kind. */
export function explainFailure(error: unknown): { text: string; code: number } {
  if (error instanceof LookbookError) return { text: error.message, code: error.exitCode };
  if (error instanceof Error && error.name === 'AbortError')
    return { text: 'stopped; the last report is as it was', code: exitCode.interrupted };
  const { code, path, message, stack } = error as NodeJS.ErrnoException;
  const where = path ? `${path}: ` : '';
  if (code === 'ENOSPC' || code === 'EDQUOT' || /no space left|disk quota/i.test(message ?? '')) {
    return {
      text: `${where}the disk is full\n  to mend: free some space, or write elsewhere with --out DIR; the last report is as it was`,
      code: 1,
    };
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return { text: `${where}a file stands where a folder is needed\n  to mend: move the file, or write elsewhere with --out DIR`, code: 1 };
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return {
      text: `${where}may not be written (${code})\n  to mend: change its permissions, or write elsewhere with --out DIR`,
      code: exitCode.failure,
    };
  }
  return {
    text: `${stack ?? message ?? String(error)}\n  this is a defect of Lookbook: please report it with the lines above`,
    code: exitCode.failure,
  };
}
