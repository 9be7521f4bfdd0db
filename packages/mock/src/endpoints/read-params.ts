import { dayOf, type Period } from '../market/calendar.ts';
import type { Params } from './endpoint.ts';

/** KIS: `FID_PERIOD_DIV_CODE`. Undefined for all but those that the endpoint knows. */
export function periodOf(params: Params, known: readonly Period[]): Period | undefined {
  return known.find((period) => period === params.get('FID_PERIOD_DIV_CODE'));
}

/** KIS: `FID_INPUT_DATE_1` and `FID_INPUT_DATE_2`. Undefined when one is no date. */
export function daysOf(params: Params): { readonly fromDay: number; readonly toDay: number } | undefined {
  const fromDay = dayOf(params.get('FID_INPUT_DATE_1') ?? '');
  const toDay = dayOf(params.get('FID_INPUT_DATE_2') ?? '');
  return fromDay === undefined || toDay === undefined ? undefined : { fromDay, toDay };
}

/** KIS: `FID_INPUT_HOUR_1`, from midnight. Undefined when it is no time of a day. */
export function msOfDay(params: Params): number | undefined {
  const [, hours, minutes, seconds] =
    /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(params.get('FID_INPUT_HOUR_1') ?? '') ?? [];
  return hours === undefined ? undefined : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}
