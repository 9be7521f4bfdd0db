import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFakeKis, type FakeKis, type FakeKisOptions } from '../src/index.ts';
import { type Answer, answerOf, KEYS, PRICE, post, tokenOf, tokenP, uapi } from './calls.ts';
import { formOf, written } from './form.ts';
import { createManualClock, korea } from './manual-clock.ts';
import { QUESTIONS } from './questions.ts';

type Json = Readonly<Record<string, unknown>>;

/** A reply that KIS gave or that its documents show, and how the fake is asked the same. */
interface Recorded {
  /** Of the folder `fixtures`. */
  readonly file: string;
  readonly trId: string;
  /** As in the recorded question, where it is another than that of `QUESTIONS`. */
  readonly params?: Readonly<Record<string, string>>;
  /** Korean wall time of the question. */
  readonly at: string;
  /** Fields that the fake has beside the recorded ones, and why. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Fields whose form is another one, and why. */
  readonly otherForm?: Readonly<Record<string, readonly [form: RegExp, why: string]>>;
}

const DOCUMENTED = 'documented, and left out of the example';
const ENVELOPE = { rt_cd: DOCUMENTED, msg_cd: DOCUMENTED, msg1: DOCUMENTED };

/** Of search-stock-info. */
const LATER_FIELDS: readonly string[] = `
  issu_istt_cd etf_chas_erng_rt_dbnb etf_etn_ivst_heed_item_yn stln_int_rt_dvsn_cd frnr_psnl_lmt_rt lstg_rqsr_issu_istt_cd
  lstg_rqsr_item_cd trst_istt_issu_istt_cd cptt_trad_tr_psbl_yn nxt_tr_stop_yn
`
  .trim()
  .split(/\s+/);

const RECORDED: readonly Recorded[] = [
  {
    file: 'inquire-price',
    trId: 'FHKST01010100',
    params: { FID_INPUT_ISCD: '000660' },
    at: '2022-01-12T11:00:00',
    beside: { new_hgpr_lwpr_cls_code: DOCUMENTED, apprch_rate: DOCUMENTED, mang_issu_cls_code: DOCUMENTED },
  },
  { file: 'inquire-asking-price-exp-ccn', trId: 'FHKST01010200', at: '2024-06-11T16:30:00' },
  {
    file: 'inquire-daily-itemchartprice',
    trId: 'FHKST03010100',
    params: { FID_INPUT_ISCD: '000660', FID_INPUT_DATE_1: '20220411', FID_INPUT_DATE_2: '20220509' },
    at: '2022-05-10T11:00:00',
  },
  {
    file: 'inquire-time-itemchartprice',
    trId: 'FHKST03010200',
    params: { FID_INPUT_HOUR_1: '125000' },
    at: '2024-06-11T12:50:30',
  },
  { file: 'intstock-multprice', trId: 'FHKST11300006', at: '2024-05-24T11:00:00' },
  {
    file: 'search-stock-info',
    trId: 'CTPF1002R',
    params: { PDNO: '000660' },
    at: '2024-02-16T11:00:00',
    beside: Object.fromEntries(LATER_FIELDS.map((name) => [name, 'documented later than the example'])),
    otherForm: { ocr_no: [/^\d{4}$/, 'a code: it may begin with zeros'] },
  },
  {
    file: 'ksdinfo-pub-offer',
    trId: 'HHKDB669108C0',
    params: { F_DT: '20240101', T_DT: '20240331' },
    at: '2024-04-01T11:00:00',
    beside: ENVELOPE,
  },
  {
    file: 'overseas-price-detail',
    trId: 'HHDFS76200200',
    params: { SYMB: 'TSLA' },
    at: '2023-10-19T02:00:00',
  },
];

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
}

function startAt(at: string, options: FakeKisOptions = {}): FakeKis {
  return createFakeKis({
    symbols: 130,
    limit: 1_000,
    issueIntervalMs: 0,
    clock: createManualClock(korea(at)),
    ...options,
  });
}

/** An object or the rows of an array. */
const rowsOf = (block: unknown): readonly Json[] => (Array.isArray(block) ? block : [block]) as Json[];
const isBlock = (value: unknown): boolean => typeof value === 'object' && value !== null;
/** An object's keys without those that stand beside. */
const keysOf = (given: Json, { beside = {} }: Recorded): string[] =>
  Object.keys(given).filter((key) => !(key in beside));

describe.each(RECORDED)('the recorded reply of $file', (recorded) => {
  const theirs = fixture(recorded.file) as Json;

  async function ours(): Promise<Json> {
    const fake = startAt(recorded.at);
    const question = QUESTIONS.find(({ trId }) => trId === recorded.trId);
    const params = new URLSearchParams({ ...question?.params, ...recorded.params });
    const headers = { ...KEYS, authorization: `Bearer ${await tokenOf(fake)}`, tr_id: recorded.trId };
    const answer = await answerOf(
      await fake.handle(new Request(`http://kis.test${question?.path}?${params}`, { headers })),
    );
    expect([answer.status, answer.body.rt_cd]).toEqual([200, '0']);
    return answer.body;
  }

  test('has the same blocks as the fake’s, of the same kinds', async () => {
    const body = await ours();
    expect(keysOf(body, recorded).sort()).toEqual(keysOf(theirs, recorded).sort());
    for (const [name, block] of Object.entries(theirs)) {
      expect([name, kindOf(body[name])]).toEqual([name, kindOf(block)]);
      if (Array.isArray(block)) expect([name, rowsOf(body[name]).length > 0]).toEqual([name, true]);
    }
  });

  test('has the same fields as the fake’s, in the same order, and what stands beside has a reason', async () => {
    const body = await ours();
    for (const [name, block] of Object.entries(theirs).filter(([, value]) => isBlock(value))) {
      const expected = keysOf(rowsOf(block)[0] ?? {}, recorded);
      for (const row of rowsOf(body[name])) expect(keysOf(row, recorded)).toEqual(expected);
    }
    const all = JSON.stringify(body);
    for (const name of Object.keys(recorded.beside ?? {})) expect(all).toContain(`"${name}":`);
  });

  test('has values that are written as the fake’s', async () => {
    const body = await ours();
    const { otherForm = {} } = recorded;
    const wrong: string[] = [];
    for (const [name, value] of Object.entries(theirs)) {
      const samples = isBlock(value) ? rowsOf(value) : [{ [name]: value }];
      const rows = isBlock(value) ? rowsOf(body[name]) : [{ [name]: body[name] }];
      for (const row of rows) {
        for (const field of Object.keys(samples[0] ?? {})) {
          const forms = otherForm[field]
            ? [otherForm[field][0]]
            : samples.map((sample) => formOf(field, sample[field]));
          if (!forms.some((form) => form.test(written(row[field])))) {
            wrong.push(`${field}: ${JSON.stringify(row[field])}, recorded ${JSON.stringify(samples[0]?.[field])}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

describe('the recorded replies of the oauth paths', () => {
  const ask: Readonly<Record<string, (fake: FakeKis) => Promise<Answer>>> = {
    token: (fake) => tokenP(fake),
    approval: async (fake) =>
      answerOf(
        await fake.handle(
          post('/oauth2/Approval', {
            grant_type: 'client_credentials',
            appkey: KEYS.appkey,
            secretkey: KEYS.appsecret,
          }),
        ),
      ),
    revoke: async (fake) =>
      answerOf(await fake.handle(post('/oauth2/revokeP', { ...KEYS, token: await tokenOf(fake) }))),
  };

  test.each(Object.entries(ask))('%s: the same fields, kinds and forms', async (name, asked) => {
    const theirs = fixture(name) as Json;
    const { status, body } = await asked(startAt('2024-06-11T11:00:00'));
    expect([status, Object.keys(body)]).toEqual([200, Object.keys(theirs)]);
    for (const [field, value] of Object.entries(theirs)) expect(written(body[field])).toMatch(formOf(field, value));
  });
});

describe('the recorded refusals', () => {
  interface Refusal {
    readonly case: string;
    /** HTTP; null where nobody wrote it down. */
    readonly status: number | null;
    readonly body: Readonly<Record<string, unknown>>;
  }
  const refusals = fixture('refusals') as readonly Refusal[];
  const AT = '2024-06-11T11:00:00';

  /** A call whose refusal the caller cannot bring about: the fake gives it when it is told to. */
  const ordered = (kisCode: string) => async (): Promise<Answer> => {
    const fake = startAt(AT);
    const token = await tokenOf(fake);
    fake.control({ failNext: { count: 1, kisCode } });
    return uapi(fake, token, PRICE);
  };
  /** A good question of the list, asked with some other parameters. */
  const asked = async (fake: FakeKis, trId: string, params: Readonly<Record<string, string>>): Promise<Answer> => {
    const question = QUESTIONS.find((one) => one.trId === trId || one.virtualTrId === trId);
    if (!question) throw new Error(`no question ${trId}`);
    const { method, path } = question;
    const all = { ...question.params, ...params };
    const headers = { ...KEYS, authorization: `Bearer ${await tokenOf(fake)}`, tr_id: trId };
    const url = `http://kis.test${path}`;
    return answerOf(
      await fake.handle(
        method === 'GET'
          ? new Request(`${url}?${new URLSearchParams(all)}`, { headers })
          : new Request(url, { method, headers, body: JSON.stringify(all) }),
      ),
    );
  };

  const PROVOKE: Readonly<Record<string, () => Promise<Answer>>> = {
    'tokenP, second call inside a minute': async () => {
      const fake = startAt(AT, { issueIntervalMs: 60_000 });
      await tokenP(fake);
      return tokenP(fake);
    },
    'tokenP, wrong appkey': () => tokenP(startAt(AT, { credentials: [] })),
    'tokenP, wrong appsecret': async () => {
      const fake = startAt(AT);
      await tokenP(fake);
      return tokenP(fake, { appsecret: 'another' });
    },
    'any /uapi call, rate limit': async () => {
      const fake = startAt(AT, { limit: 1 });
      const token = await tokenOf(fake);
      await uapi(fake, token, PRICE);
      return uapi(fake, token, PRICE);
    },
    'any /uapi call, expired token': async () => {
      const fake = startAt(AT, { tokenLifeMs: 0 });
      return uapi(fake, await tokenOf(fake), PRICE);
    },
    'any /uapi call, invalid token': () => uapi(startAt(AT), 'none', PRICE),
    'wrong appsecret in the header of a /uapi call': async () => {
      const fake = startAt(AT);
      return uapi(fake, await tokenOf(fake), PRICE, {}, { appsecret: 'another' });
    },
    'real tr_id against the paper host': () => asked(startAt(AT, { environment: 'virtual' }), 'TTTC8434R', {}),
    'unknown tr_id for that host': async () => {
      const fake = startAt(AT);
      return uapi(fake, await tokenOf(fake), PRICE, {}, { tr_id: 'FHKST99999999' });
    },
    'ledger rate limit (balance/order)': ordered('EGW00215'),
    'temporary query failure, ask again': ordered('EGW00316'),
    'wrong account number': async () => {
      const fake = startAt(AT);
      await asked(fake, 'TTTC8434R', {});
      return asked(fake, 'TTTC8434R', { CANO: '87654321' });
    },
    'missing required query field': async () => {
      const fake = startAt(AT);
      const minutes = { FID_INPUT_HOUR_1: '110000', FID_PW_DATA_INCU_YN: 'N' };
      const path = '/uapi/domestic-stock/v1/quotations/inquire-time-itemchartprice';
      return uapi(fake, await tokenOf(fake), path, minutes, { tr_id: 'FHKST03010200' });
    },
    'backend session pool full': ordered('OPSQ1002'),
    'no rows: success shape': () => asked(startAt(AT), 'TTTC0081R', {}),
    'paper market closed order': () =>
      asked(startAt('2024-06-11T16:00:00', { environment: 'virtual' }), 'VTTC0012U', {}),
    'insufficient cash order': () => asked(startAt(AT), 'TTTC0012U', { ORD_QTY: '9999999' }),
    'market-day mismatch order': () => asked(startAt('2024-06-15T11:00:00'), 'TTTC0012U', {}),
    'wrong account input': ordered('APAC0081'),
  };
  /** Blanks at the end and the full stop differ from record to record. */
  const spoken = (text: unknown): string => String(text).trimEnd().replace(/\.$/, '');

  test.each(refusals.map((refusal) => [refusal.case, refusal] as const))(
    '%s',
    async (name, { status, body: theirs }) => {
      const provoke = PROVOKE[name];
      if (!provoke) throw new Error(`nothing provokes: ${name}`);
      const { body, ...answer } = await provoke();
      for (const code of ['rt_cd', 'msg_cd', 'error_code']) expect([code, body[code]]).toEqual([code, theirs[code]]);
      for (const text of ['msg1', 'error_description']) expect(spoken(body[text])).toBe(spoken(theirs[text]));
      if (status !== null) expect(answer.status).toBe(status);
      expect(Object.keys(body)).toEqual(expect.arrayContaining(Object.keys(theirs)));
      if (theirs.output1 !== undefined) expect(body.output1).toEqual(theirs.output1);
    },
  );

  test('KIS pads the text of an empty list to 80 bytes, as the fake does', async () => {
    const theirs = refusals.find(({ body }) => body.msg_cd === 'KIOK0560');
    const { body } = await asked(startAt(AT), 'TTTC0081R', {});
    expect(body.msg1).toBe(theirs?.body.msg1);
  });

  test('none is left out', () => {
    expect(Object.keys(PROVOKE)).toEqual(refusals.map((refusal) => refusal.case));
  });
});
