import { productNames } from '../endpoints/domestic/product.ts';
import { whole } from '../endpoints/format.ts';
import { dateOf } from '../market/calendar.ts';
import { fundamentalsOf } from '../market/fundamentals.ts';
import { kindOf } from '../market/kinds.ts';
import type { Stock } from '../market/market.ts';
import { type KrxRow, krxRow } from './krx-row.ts';
import { sectionOf } from './krx-section.ts';

/** What a share is. */
export function infoRow(stock: Stock): KrxRow {
  const { symbol } = stock;
  const { full, english, standardCode } = productNames(symbol);
  return krxRow({
    ISU_CD: standardCode,
    ISU_SRT_CD: symbol.code,
    ISU_NM: full,
    ISU_ABBRV: symbol.name,
    ISU_ENG_NM: english,
    LIST_DD: dateOf(fundamentalsOf(stock).listedDay),
    MKT_TP_NM: symbol.market,
    SECUGRP_NM: '주권',
    SECT_TP_NM: sectionOf(stock),
    KIND_STKCERT_TP_NM: kindOf(symbol) === 'ordinary' ? '보통주' : '구형우선주',
    PARVAL: symbol.faceValue === 0 ? '무액면' : whole(symbol.faceValue),
    LIST_SHRS: whole(symbol.listedShares),
  });
}
