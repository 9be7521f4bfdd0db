import { koreanTime } from '../market/calendar.ts';
import type { Indices } from '../market/indices.ts';
import type { FakeSymbol } from '../market/symbols.ts';
import type { OverseasMarket } from '../overseas/overseas-market.ts';
import { createCp949Encoder, type EncodeCp949 } from './cp949.ts';
import { indexRecords } from './index-records.ts';
import { overseasRecord } from './overseas-records.ts';
import { stockRecord } from './stock-records.ts';
import { zipOf } from './zip.ts';

/** Lists of all that is traded, as KIS publishes them every day: no key is needed. */
export interface MasterFiles {
  /** A zip archive by its file name, such as `kospi_code.mst.zip`; undefined when there is none such. */
  read(fileName: string, nowMs: number): Buffer | undefined;
}

export function createMasterFiles(indices: Indices, overseas: OverseasMarket): MasterFiles {
  const stocksOf =
    (market: FakeSymbol['market']) =>
    (nowMs: number): readonly string[] =>
      indices
        .snapshots(nowMs)
        .filter(({ stock }) => stock.symbol.market === market)
        .map(({ stock, quote }) => stockRecord(stock, quote, indices));
  const listedOn =
    (code: string) =>
    (nowMs: number): readonly string[] =>
      overseas.symbols
        .map(({ exchange, symbol }) => (exchange === code ? overseas.find(exchange, symbol) : undefined))
        .filter((stock) => stock !== undefined)
        .map((stock) => overseasRecord(stock, overseas.quote(stock, nowMs)));

  const files = new Map<string, (nowMs: number) => readonly string[]>([
    ['kospi_code.mst', stocksOf('KOSPI')],
    ['kosdaq_code.mst', stocksOf('KOSDAQ')],
    ['konex_code.mst', stocksOf('KONEX')],
    ['idxcode.mst', indexRecords],
    ...Array.from(overseas.exchanges.keys(), (code) => [`${code.toLowerCase()}mst.cod`, listedOn(code)] as const),
  ]);
  const archives = new Map<string, { readonly day: number; readonly archive: Buffer }>();
  let encode: EncodeCp949 | undefined;

  return {
    read(fileName, nowMs) {
      const name = fileName.replace(/\.zip$/, '');
      const records = name === fileName ? undefined : files.get(name);
      if (!records) return undefined;
      const { day } = koreanTime(nowMs);
      const kept = archives.get(name);
      if (kept?.day === day) return kept.archive;
      encode ??= createCp949Encoder();
      const lines = records(nowMs).map((record) => `${record}\n`);
      const archive = zipOf(name, encode(lines.join('')), day);
      archives.set(name, { day, archive });
      return archive;
    },
  };
}
