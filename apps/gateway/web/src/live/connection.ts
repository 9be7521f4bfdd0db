import { createEventParser, type ServerEvent } from './event-parser.ts';
import { KeyError } from './gateway.ts';

/** The gateway sends every second: silence for so long is a connection that died without a word. */
const SILENCE_MS = 5_000;
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 5_000;
/** A page that nobody sees for so long lets go, and costs the gateway nothing. */
const HIDDEN_MS = 60_000;

export interface ConnectionOptions {
  readonly open: (signal: AbortSignal) => Promise<Response>;
  readonly onEvent: (event: ServerEvent) => void;
  readonly onDenied: () => void;
}

/** Keeps one stream of events open for as long as somebody may look; `renew` begins another at once. */
export function keepConnected({ open, onEvent, onDenied }: ConnectionOptions): { renew(): void } {
  let wake = () => {};
  let isRenewed = false;
  let current = new AbortController();
  let hiding: ReturnType<typeof setTimeout> | undefined;

  async function readOnce(onFirst: () => void): Promise<void> {
    current = new AbortController();
    const { signal } = current;
    let watchdog = setTimeout(() => current.abort(), SILENCE_MS);
    try {
      const response = await open(signal);
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      const parse = createEventParser();
      for (;;) {
        const { value, done } = (await reader?.read()) ?? { done: true };
        if (done || value === undefined) return;
        onFirst();
        clearTimeout(watchdog);
        watchdog = setTimeout(() => current.abort(), SILENCE_MS);
        for (const event of parse(value)) onEvent(event);
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function keepOn(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      let wait = pauseMs * (0.75 + Math.random() / 2);
      isRenewed = false;
      try {
        await readOnce(() => {
          pauseMs = FIRST_PAUSE_MS;
        });
      } catch (error) {
        if (error instanceof KeyError) {
          onDenied();
          wait = Number.POSITIVE_INFINITY;
        }
      }
      if (document.hidden) wait = Number.POSITIVE_INFINITY;
      if (isRenewed) wait = 0;
      await pause(Math.min(wait, 2 ** 31 - 1));
      pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
    }
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(() => current.abort(), HIDDEN_MS);
    else wake();
  });
  addEventListener('online', () => wake());
  void keepOn();
  return {
    renew() {
      isRenewed = true;
      current.abort();
      wake();
    },
  };
}
