import type { State } from '../../../src/live/events.ts';
import { find, setAttributes, setText } from '../dom.ts';
import type { Panel, View } from '../view.ts';
import type { Words } from '../words/index.ts';

/** What stands above and below all panels: whence, whether live, since when, and what is missing. */
export function createTop(): Panel {
  const [source, storage] = [find('#source'), find('#storage')];
  const link = find('#link');
  const linkSays = find('.says', link);
  const clock = find<HTMLTimeElement>('#clock');
  const [demo, notice] = [find('#demo'), find('#notice')];
  const uptime = find('#uptime');

  return (view) => {
    const { model, words, formats, nowMs, toKisMs } = view;
    const { hello, state } = model;
    if (hello !== undefined) {
      setText(source, words.source[hello.source]);
      setText(storage, words.storage[hello.storage]);
      source.hidden = storage.hidden = false;
      demo.hidden = hello.source !== 'mock';
    }
    link.dataset.link = view.link;
    setText(linkSays, describeLink(view));
    if (nowMs !== undefined) {
      setText(clock, `${formats.time(toKisMs(nowMs))} KST`);
      setAttributes(clock, { datetime: new Date(toKisMs(nowMs)).toISOString() });
    }
    const note = noticeOf(view);
    setText(notice, note ?? '');
    notice.hidden = note === undefined;
    if (hello !== undefined && state !== undefined && nowMs !== undefined) {
      const parts = [
        words.upSince(formats.dateTime(toKisMs(hello.startedAtMs)), formats.span(nowMs - hello.startedAtMs)),
        words.streams(formats.integer(state.streams)),
        words.lag(formats.ms(state.loopLagMs)),
        hello.version,
      ];
      setText(uptime, parts.join(' · '));
    }
    document.title = `${view.link === 'live' && state?.ready !== false ? '' : '⚠ '}${words.title}`;
  };
}

function describeLink({ link, words, formats, model }: View): string {
  if (link !== 'stale') return words.link[link];
  return words.link.stale(formats.span(performance.now() - (model.heardAtMs ?? 0)));
}

function noticeOf({ link, words, formats, model, toKisMs }: View): string | undefined {
  const { state } = model;
  if (link === 'stale' && state !== undefined) return words.staleNotice(formats.time(toKisMs(state.nowMs)));
  const missing = state === undefined ? [] : findMissing(state, words);
  return missing.length === 0 ? undefined : words.notReady(missing.join(' · '));
}

/** What `/readyz` misses, in the reader's language; of which account where there are several. */
function findMissing({ accounts, missing }: State, words: Words): string[] {
  const ofAccounts = accounts.flatMap(({ name, token, breaker }) => {
    const parts = [
      ...(token !== undefined && !token.valid ? [words.missing.token] : []),
      ...(breaker.state === 'OPEN' ? [words.missing.breaker] : []),
    ];
    return accounts.length === 1 ? parts : parts.map((part) => `${name}: ${part}`);
  });
  return missing.includes('storage') ? [words.missing.storage, ...ofAccounts] : ofAccounts;
}
