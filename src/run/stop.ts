import { setImmediate as turn } from 'node:timers/promises';

/**
 * Ends the run here if somebody asked for it. A signal is heard only between turns of the event loop, and work such as drawing pages
 * takes none by itself.
 * @throws the signal's reason (AbortError).
 */
export async function stopIfAsked(signal: AbortSignal): Promise<void> {
  await turn();
  signal.throwIfAborted();
}
