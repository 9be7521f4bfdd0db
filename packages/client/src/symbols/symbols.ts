import iconv from 'iconv-lite';
import { checkOneOf } from '../check.ts';
import { KisResponseError } from '../errors.ts';
import type { Names } from '../names.ts';
import type { CallOptions } from '../request.ts';
import type { Files } from './files.ts';
import { type MarketSymbol, readRecord, type SymbolMarket } from './record.ts';
import { unzipOne } from './unzip.ts';

export interface SymbolsOptions extends CallOptions {
  readonly market: SymbolMarket;
}

const fileNames: Readonly<Record<SymbolMarket, string>> = {
  KOSPI: 'kospi_code.mst.zip',
  KOSDAQ: 'kosdaq_code.mst.zip',
  KONEX: 'konex_code.mst.zip',
};

const markets: readonly SymbolMarket[] = ['KOSPI', 'KOSDAQ', 'KONEX'];

export async function getSymbols(
  files: Files,
  names: Names,
  { market, signal }: SymbolsOptions,
): Promise<MarketSymbol[]> {
  const path = `/common/master/${fileNames[checkOneOf('market', market, markets)]}`;
  const lines = readLines(await files.read(path, { signal }), path);
  const symbols = lines.map((line, index) => {
    const symbol = readRecord(line, market);
    if (symbol !== undefined) return symbol;
    throw new KisResponseError({ expected: `a record of ${market}`, where: `${path}, line ${index + 1}`, status: 200 });
  });
  for (const { code, name } of symbols) names.remember(code, name);
  return symbols;
}

function readLines(archive: Buffer, path: string): string[] {
  let content: Buffer;
  try {
    content = unzipOne(archive);
  } catch {
    throw new KisResponseError({ expected: 'a zip archive of one file', where: path, status: 200 });
  }
  const lines = iconv.decode(content, 'cp949').split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '');
}
