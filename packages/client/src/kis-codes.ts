/**
 * What follows from a refusal. `R`: it passes. `B`: too many calls, KIS did not run it. `T`: the token is no good, KIS did
 * not run it. `W`: a token was asked for too soon. `F`: it stays. `A`: it passes, and what was asked for may have been done.
 */
export type KisAction = 'R' | 'B' | 'T' | 'W' | 'F' | 'A';

/** KIS's codes of its gateway and of the services behind it. */
export const kisCodes: Readonly<Record<KisAction, readonly string[]>> = {
  R: [
    ...['EGW00001', 'EGW00002', 'EGW00202', 'EGW00203', 'EGW00300', 'EGW00316', 'IGW00009', 'OPSQ0001', 'OPSQ0003'],
    ...['OPSQ0004', 'OPSQ0005', 'OPSQ0006', 'OPSQ0007', 'OPSQ0010', 'OPSQ0011', 'OPSQ1002', 'OPSQ3001', 'OPSQ3002'],
    'OPSQ3004',
  ],
  B: ['EGW00201', 'EGW00215'],
  T: ['EGW00121', 'EGW00122', 'EGW00123'],
  W: ['EGW00133'],
  F: [
    ...['EGW00003', 'EGW00004', 'EGW00101', 'EGW00102', 'EGW00103', 'EGW00104', 'EGW00105', 'EGW00106', 'EGW00107'],
    ...['EGW00108', 'EGW00109', 'EGW00110', 'EGW00111', 'EGW00112', 'EGW00113', 'EGW00114', 'EGW00115', 'EGW00116'],
    ...['EGW00117', 'EGW00118', 'EGW00119', 'EGW00120', 'EGW00124', 'EGW00125', 'EGW00126', 'EGW00127', 'EGW00128'],
    ...['EGW00129', 'EGW00130', 'EGW00131', 'EGW00132', 'EGW00204', 'EGW00205', 'EGW00206', 'EGW00207', 'EGW00208'],
    ...['EGW00209', 'EGW00210', 'EGW00211', 'EGW00212', 'EGW00213', 'EGW00303', 'EGW00304', 'EGW2004', 'OPSQ0002'],
    ...['OPSQ2000', 'OPSQ2001', 'OPSQ2002', 'OPSQ2003', 'OPSQ9995', 'OPSQ9996', 'OPSQ9997', 'OPSQ9998', 'OPSQ9999'],
  ],
  A: ['EGW00301', 'EGW00302', 'OPSQ0008', 'OPSQ0009'],
};

const actions: ReadonlyMap<string, KisAction> = new Map(
  Object.entries(kisCodes).flatMap(([action, codes]) => codes.map((code) => [code, action as KisAction])),
);

/** Of the gateway and of the services behind it; all others are business. */
const ofGateway = /^(?:EGW|IGW|OPSQ)/;

/**
 * A code that is not in the table stays, but a 5xx with one of the gateway, as without any code, says nothing of what was done.
 * A 429 without a code is the word of something before KIS, and passes.
 */
export function actionOf(refusal: {
  readonly kisCode: string;
  readonly kisMessage: string;
  readonly status: number;
}): KisAction {
  const { kisCode, kisMessage, status } = refusal;
  const action = actions.get(kisCode);
  if (action !== undefined) return action;
  if (kisMessage.includes('기간이 만료된 token')) return 'T';
  if (status >= 500 && (kisCode === '' || ofGateway.test(kisCode))) return 'A';
  return kisCode === '' && status === 429 ? 'R' : 'F';
}
