import { KisApiError, KisNetworkError, KisResponseError } from './errors.ts';

const tokenCodes: ReadonlySet<string> = new Set(['EGW00121', 'EGW00122', 'EGW00123']);

/** Too many calls in a second: at the gateway, and at the ledger behind it. */
const rateCodes: ReadonlySet<string> = new Set(['EGW00201', 'EGW00215']);

/** KIS asks for the same call again, or stumbled on its own side. */
const passingCodes: ReadonlySet<string> = new Set([
  ...['EGW00001', 'EGW00002', 'EGW00202', 'EGW00203', 'EGW00300', 'EGW00301', 'EGW00302', 'EGW00316', 'IGW00009'],
  ...['OPSQ0001', 'OPSQ0003', 'OPSQ0004', 'OPSQ0005', 'OPSQ0006', 'OPSQ0007', 'OPSQ0008', 'OPSQ0009', 'OPSQ0010'],
  ...['OPSQ0011', 'OPSQ1002', 'OPSQ3001', 'OPSQ3002', 'OPSQ3004'],
]);

/** KIS does not accept the token; the call was not carried out. */
export function isTokenRefusal(error: unknown): error is KisApiError {
  if (!(error instanceof KisApiError)) return false;
  return tokenCodes.has(error.kisCode) || error.kisMessage.includes('기간이 만료된 token');
}

/** KIS's budget per second is used up; the call was not carried out. */
export function isRateRefusal(error: unknown): error is KisApiError {
  return error instanceof KisApiError && rateCodes.has(error.kisCode);
}

/** Whether a read may well succeed when it is sent again. */
export function isPassing(error: unknown): boolean {
  if (error instanceof KisNetworkError) return !isTimeout(error);
  if (error instanceof KisResponseError) return error.status >= 500;
  return isRateRefusal(error) || isOutage(error) || (error instanceof KisApiError && passingCodes.has(error.kisCode));
}

/** Whether it speaks against KIS's health. A refusal that bears a code shows that KIS is there. */
export function isOutage(error: unknown): boolean {
  if (error instanceof KisApiError) return error.kisCode === '' && error.status >= 500;
  return error instanceof KisNetworkError || error instanceof KisResponseError;
}

function isTimeout({ cause }: KisNetworkError): boolean {
  return cause instanceof DOMException && cause.name === 'TimeoutError';
}
