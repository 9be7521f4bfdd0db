import { type Clock, createFakeKis } from '@kis/mock';
import { mostInAny } from './arrivals.ts';

/** The fake KIS, which stamps each call when it arrives and refuses what is too much. */
export interface Judge {
  /** Calls of a key of their own, which no earlier ones weigh upon. */
  begin(): Promise<Trial>;
}

interface Trial {
  call(): Promise<void>;
  verdict(): Verdict;
}

export interface Verdict {
  /** From the first arrival to the last. */
  readonly lastMs: number;
  readonly mostInASecond: number;
  readonly refusals: number;
}

/** A wall clock that does not jump with the process's own. */
const clock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  monotonicMs: () => performance.now(),
  setTimer(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Of no endpoint: such a call counts as any other, and of all it takes the least of the process's time. */
const url = 'http://kis.test/uapi/domestic-stock/v1/quotations/nothing';

export async function createJudge(limit: number): Promise<Judge> {
  const fake = createFakeKis({ limit, symbols: 10, clock });
  let trials = 0;

  async function begin(): Promise<Trial> {
    trials += 1;
    const keys = { appkey: `PSBENCHBENCHBENCHBENCHBENCHBENCHBE${trials}`, appsecret: 'benchsecret' };
    const body = JSON.stringify({ grant_type: 'client_credentials', ...keys });
    const reply = await fake.handle(new Request('http://kis.test/oauth2/tokenP', { method: 'POST', body }));
    const { access_token } = (await reply.json()) as { access_token: string };
    const headers = { ...keys, authorization: `Bearer ${access_token}`, tr_id: 'FHKST01010100' };
    const request = new Request(url, { headers });
    return {
      async call() {
        await fake.handle(request);
      },
      verdict() {
        const { entries, refusals } = fake.log(keys.appkey);
        const arrivals = entries.filter(({ path }) => path.startsWith('/uapi/')).map(({ atMs }) => atMs);
        return {
          lastMs: Math.max(...arrivals) - Math.min(...arrivals),
          mostInASecond: mostInAny(1_000, arrivals),
          refusals,
        };
      },
    };
  }

  // Once the compiler knows the way, calls that leave together arrive together.
  const warmUp = await begin();
  for (let n = 0; n < 500; n += 1) await warmUp.call();
  return { begin };
}
