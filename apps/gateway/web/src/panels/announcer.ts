import { find } from '../dom.ts';
import type { Panel, View } from '../view.ts';

/** Says aloud what changes how far the page can be relied on, and nothing that moves every second. */
export function createAnnouncer(): Panel {
  const announce = find('#announce');
  let before: Readonly<Record<string, string | undefined>> | undefined;
  return (view) => {
    const now = standingOf(view);
    if (before !== undefined && view.model.state !== undefined) {
      const changed = Object.keys(now).filter((what) => isNews(before?.[what], now[what]));
      const said = changed.map((what) => sentence(what, view)).filter((text) => text !== undefined);
      if (said.length > 0) announce.textContent = said.join('. ');
    }
    before = now;
  };
}

/** What is known for the first time is no news. */
function isNews(before: string | undefined, now: string | undefined): boolean {
  return before !== undefined && before !== 'connecting' && before !== now;
}

function standingOf({ link, account, model }: View): Record<string, string | undefined> {
  return {
    link,
    token: account?.token?.state,
    breaker: account?.breaker.state,
    problem: model.problems[0]?.id ?? 'none',
  };
}

function sentence(what: string, { link, account, words, formats, model, toKisMs }: View): string | undefined {
  const problem = model.problems[0];
  if (what === 'link' && link === 'live') return words.backAgain;
  if (what === 'link' && link === 'stale') return words.staleNotice(formats.time(toKisMs(model.state?.nowMs ?? 0)));
  if (what === 'token' && account?.token !== undefined)
    return `${words.token}: ${words.tokenState[account.token.state]}`;
  if (what === 'breaker' && account !== undefined)
    return `${words.breaker}: ${words.breakerState[account.breaker.state]}`;
  if (what === 'problem' && problem !== undefined)
    return words.raised(`${problem.kisCode ?? problem.code} ${problem.message}`);
  return undefined;
}
