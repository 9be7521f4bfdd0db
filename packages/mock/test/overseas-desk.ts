import { createFakeKis, type FakeKis } from '../src/index.ts';
import { type Answer, answerOf, tokenOf, uapiRequest } from './calls.ts';
import { createManualClock, korea } from './manual-clock.ts';

const QUOTES = '/uapi/overseas-price/v1/quotations/';

export type OverseasTopic = 'price' | 'detail' | 'daily' | 'minutes' | 'book' | 'info' | 'holidays';

const QUESTIONS: Readonly<Record<OverseasTopic, readonly [path: string, trId: string]>> = {
  price: [`${QUOTES}price`, 'HHDFS00000300'],
  detail: [`${QUOTES}price-detail`, 'HHDFS76200200'],
  daily: [`${QUOTES}dailyprice`, 'HHDFS76240000'],
  minutes: [`${QUOTES}inquire-time-itemchartprice`, 'HHDFS76950200'],
  book: [`${QUOTES}inquire-asking-price`, 'HHDFS76200100'],
  info: [`${QUOTES}search-info`, 'CTPF1702R'],
  holidays: ['/uapi/overseas-stock/v1/quotations/countries-holiday', 'CTOS5011R'],
};

/** What must be sent beside the symbol. */
const USUAL: Readonly<Record<OverseasTopic, Readonly<Record<string, string>>>> = {
  price: { AUTH: '' },
  detail: { AUTH: '' },
  daily: { AUTH: '', GUBN: '0', BYMD: '', MODP: '1' },
  minutes: { AUTH: '', NMIN: '1', PINC: '1', NEXT: '', NREC: '120', FILL: '', KEYB: '' },
  book: { AUTH: '' },
  info: {},
  holidays: { CTX_AREA_NK: '', CTX_AREA_FK: '' },
};

export interface OverseasDesk {
  readonly fake: FakeKis;
  ask(topic: OverseasTopic, params: Readonly<Record<string, string>>, without?: string): Promise<Answer>;
}

/** A fake at this time of Korea, and questions about exchanges abroad. */
export async function overseasDeskAt(
  time: string,
  options: { readonly environment?: 'real' | 'virtual'; readonly seed?: number } = {},
): Promise<OverseasDesk> {
  const fake = createFakeKis({ clock: createManualClock(korea(time)), symbols: 5, limit: 100_000, ...options });
  const token = await tokenOf(fake);
  return {
    fake,
    async ask(topic, params, without) {
      const [path, trId] = QUESTIONS[topic];
      const all = Object.entries({ ...USUAL[topic], ...params }).filter(([name]) => name !== without);
      const headers = { authorization: `Bearer ${token}`, tr_id: trId };
      return answerOf(await fake.handle(uapiRequest(path, Object.fromEntries(all), headers)));
    },
  };
}
