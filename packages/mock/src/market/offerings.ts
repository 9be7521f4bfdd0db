import { FIRST_DAY, periodStart } from './calendar.ts';
import { KRX } from './krx.ts';
import { hash, unit } from './noise.ts';
import { tickNear } from './ticks.ts';

/** Shares of a company that is to be listed, offered to everybody. Days since 1970-01-01. */
export interface Offering {
  /** A code of six digits that no listed stock has. */
  readonly code: string;
  readonly name: string;
  /** The first of the two days on which one may subscribe. */
  readonly firstDay: number;
  readonly lastDay: number;
  readonly paymentDay: number;
  readonly listingDay: number;
  /** In won. */
  readonly price: number;
  /** In won. */
  readonly faceValue: number;
  readonly sharesBefore: number;
  readonly sharesOffered: number;
  readonly manager: string;
}

const FIRST_WORDS = '노바 루미 코어 메디 큐브 에이스 리브 비트 제니스 오토 셀로 아크 퓨어 그린 인텔 하이로'.split(' ');
const LAST_WORDS = '비디엑스 로보틱스 헬스케어 시스템즈 머티리얼즈 바이오로직 세미콘 소프트랩 모션 옵틱스'.split(' ');
const MANAGERS = 'NH투자증권 미래에셋증권 한국투자증권 KB증권 삼성증권 하나증권 대신증권 신한투자증권'.split(' ');
const FACE_VALUES = [100, 500, 500, 1_000];
const MOST_A_WEEK = 3;

/** The offerings that begin between two days, newest first: none to three a week, by the seed. */
export function offeringsBetween(seed: number, fromDay: number, toDay: number): readonly Offering[] {
  const oldest = Math.max(fromDay, FIRST_DAY);
  const found: Offering[] = [];
  for (let monday = periodStart(toDay, 'W'); monday > oldest - 7; monday -= 7) {
    const count = Math.floor(unit(seed, monday, 40) * (MOST_A_WEEK + 1));
    const ofWeek = Array.from({ length: count }, (_, n) => offering(hash(seed, monday, n), monday));
    found.push(...ofWeek.sort((a, b) => b.firstDay - a.firstDay));
  }
  return found.filter(({ firstDay }) => firstDay >= oldest && firstDay <= toDay);
}

function offering(seed: number, monday: number): Offering {
  const pick = <T>(from: readonly T[], n: number): T => from[hash(seed, n, 0) % from.length] as T;
  const firstDay = sessionsAfter(monday + (hash(seed, 1, 0) % 4) - 1, 1);
  const lastDay = sessionsAfter(firstDay, 1);
  const paymentDay = sessionsAfter(lastDay, 2);
  return {
    // Listed codes of ordinary shares end with 0 and lie below 482,000.
    code: String(490_000 + (hash(seed, 2, 0) % 10_000)),
    name: `${pick(FIRST_WORDS, 3)}${pick(LAST_WORDS, 4)}`,
    firstDay,
    lastDay,
    paymentDay,
    listingDay: sessionsAfter(paymentDay, 3 + (hash(seed, 5, 0) % 3)),
    price: tickNear(2_000 * 20 ** unit(seed, 6, 0)),
    faceValue: pick(FACE_VALUES, 7),
    sharesBefore: 10_000 * (100 + (hash(seed, 8, 0) % 1_500)),
    sharesOffered: 10_000 * (50 + (hash(seed, 9, 0) % 250)),
    manager: pick(MANAGERS, 10),
  };
}

function sessionsAfter(day: number, count: number): number {
  let at = day;
  for (let left = count; left > 0; ) {
    at += 1;
    if (KRX.isSession(at)) left -= 1;
  }
  return at;
}
