import { invalidParam, type Reply, uapiRefusal } from '../../reply.ts';
import type { Brokerage } from '../../trading/brokerage.ts';
import type { TradingAccount } from '../../trading/trading-account.ts';
import type { Endpoint, Question } from '../endpoint.ts';

/** What is asked about one account, as of the moment at which it was settled. */
export interface AccountQuestion extends Question {
  readonly account: TradingAccount;
  readonly isVirtual: boolean;
  /** Empty where the parameter was not sent. */
  param(name: string): string;
}

export interface AccountEndpointOptions {
  readonly method: Endpoint['method'];
  /** What comes after `/uapi/domestic-stock/v1/trading/`. */
  readonly name: string;
  /** Of the real host; the virtual one's begin with V. */
  readonly trIds: readonly string[];
  /** Beside the account's number: which parameters must be sent, and what their values look like. */
  readonly params: Readonly<Record<string, RegExp>>;
  /** Those that need not be sent. */
  readonly optional?: Readonly<Record<string, RegExp>>;
  readonly answer: (question: AccountQuestion) => Reply;
}

/** KIS: a date, which must be one of the calendar, too. */
export const DATE: RegExp = /^\d{8}$/;
/** KIS: `EXCG_ID_DVSN_CD` of an order. */
export const EXCHANGE: RegExp = /^(KRX|NXT|SOR)?$/;
export const ANYTHING: RegExp = /^/;

/** An endpoint about the account of an app key, with the ways in which all of these refuse what was sent. */
export function createAccountEndpoint(brokerage: Brokerage, options: AccountEndpointOptions): Endpoint {
  const { method, name, trIds, params, optional = {}, answer } = options;
  const forms = Object.entries({ ...params, ...optional });
  return {
    method,
    path: `/uapi/domestic-stock/v1/trading/${name}`,
    trIds: { real: trIds, virtual: trIds.map(virtualTrId) },
    params: ['CANO', 'ACNT_PRDT_CD', ...Object.keys(params)],
    answer(question) {
      const param = (name: string): string => question.params.get(name) ?? '';
      const account = brokerage.account(question.appKey, `${param('CANO')}-${param('ACNT_PRDT_CD')}`);
      if (!account) return uapiRefusal('OPSQ2000');
      const isVirtual = question.trId.startsWith('V');
      const bad = forms.find(([name, form]) => !form.test(param(name)));
      if (bad) return invalidParam(bad[0]);
      // The virtual host knows the exchange alone.
      if (isVirtual && /^(NXT|SOR)$/.test(param('EXCG_ID_DVSN_CD'))) return invalidParam('EXCG_ID_DVSN_CD');
      return answer({ ...question, nowMs: account.settle(question.nowMs), account, isVirtual, param });
    },
  };
}

/** KIS: TTTC0012U is VTTC0012U on the virtual host. */
function virtualTrId(trId: string): string {
  return `V${trId.slice(1)}`;
}
