import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, deflateRawSync } from 'node:zlib';
import { createFakeKis, startMockServer } from '@kis/mock';
import iconv from 'iconv-lite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKisClient, type KisClient, KisNetworkError, KisResponseError, type SymbolMarket } from '../src/index.ts';
import { appKey, appSecret, startClient } from './harness.ts';
import { startAt } from './stage.ts';

const time = '2026-11-20T20:00:00+09:00';
const markets = ['KOSPI', 'KOSDAQ', 'KONEX'] as const;
const keys = { appKey, appSecret, environment: 'real' } as const;

describe.each(markets)('the symbols of %s', (market) => {
  test('are those that are listed there, with their names and ISINs', async () => {
    const { client, fake } = startAt(time);
    const symbols = await client.getSymbols({ market });
    const listed = fake.symbols.filter((it) => it.market === market);
    expect(symbols.map(({ code, name }) => [code, name])).toEqual(listed.map(({ code, name }) => [code, name]));
    for (const { code, isin, faceValue, listedShares, listingDate, ...symbol } of symbols.slice(0, 60)) {
      const listing = await client.searchStockInfo(code);
      expect(symbol).toMatchObject({ market, group: listing.group?.replace('KN', 'ST'), isSuspended: false });
      expect(isin).toBe(listing.isin);
      // KIS's other call does not tell it of KONEX.
      if (market !== 'KONEX') expect(listingDate).toBe(listing.listingDate);
      const info = await client.getStockInfo(code);
      expect(faceValue).toBe(info.faceValue);
      expect(listedShares).toBe(Math.floor((info.listedShares ?? 0) / 1_000) * 1_000);
    }
  });

  test('cost no token and no call, on either host', async () => {
    for (const environment of ['real', 'virtual'] as const) {
      const { client, fake, asked } = startAt(time, { environment });
      expect((await client.getSymbols({ market })).length).toBeGreaterThan(0);
      expect(asked).toEqual([]);
      expect(fake.log()).toMatchObject({ tokenRequests: 0, calls: 0 });
    }
  });
});

describe('the file of symbols', () => {
  test('comes from the host that KIS has for it, without the keys', async () => {
    const { dispatcher } = createFakeKis({ symbols: 50 });
    const seen: unknown[] = [];
    const listening = dispatcher.compose((dispatch) => (options, handler) => {
      seen.push([String(options.origin), options.path, JSON.stringify(options.headers).includes(appKey)]);
      return dispatch(options, handler);
    });
    const client = createKisClient({ ...keys, dispatcher: listening });
    onTestFinished(() => client.close());
    await client.getSymbols({ market: 'KONEX' });
    await client.close();
    await expect(client.getSymbols({ market: 'KONEX' })).rejects.toThrow('The client is closed');
    expect(seen).toEqual([['https://new.real.download.dws.co.kr', '/common/master/konex_code.mst.zip', false]]);
  });

  test('comes from `baseUrl` where that is not KIS’s own, over connections that the client closes', async () => {
    const server = await startMockServer({ symbols: 50 });
    onTestFinished(() => server.close());
    const client = createKisClient({ ...keys, baseUrl: server.url });
    expect((await client.getSymbols({ market: 'KOSPI' })).length).toBeGreaterThan(10);
    await client.close();
    await expect(client.getSymbols({ market: 'KOSPI' })).rejects.toMatchObject({ code: 'ERR_KIS_NETWORK' });
  });

  test('that is not there, or no archive, is an error that names it', async () => {
    for (const status of [404, 200]) {
      const { client } = await startClient(() => ({ status, body: '<html>' }));
      await expect(client.getSymbols({ market: 'KOSPI' })).rejects.toMatchObject({
        code: 'ERR_KIS_RESPONSE',
        where: '/common/master/kospi_code.mst.zip',
        status,
      });
    }
    const { client } = await startClient(() => 'cut');
    await expect(client.getSymbols({ market: 'KOSPI' })).rejects.toBeInstanceOf(KisNetworkError);
  });

  test('is left after timeoutMs, and with the reason of the signal', async () => {
    const { client } = await startClient(() => 'silence', { timeoutMs: 50 });
    await expect(client.getSymbols({ market: 'KOSPI' })).rejects.toMatchObject({ cause: { name: 'TimeoutError' } });
    const controller = new AbortController();
    const call = client.getSymbols({ market: 'KOSPI', signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  test('of a market that has none is a TypeError before any call', async () => {
    const { client, calls } = await startClient(() => 'cut');
    await expect(client.getSymbols({ market: 'NXT' as SymbolMarket })).rejects.toThrow('`market` must be one of');
    expect(calls).toHaveLength(0);
  });

  test('is read by its list, also where the sizes in front of it are zeros; and with lines that end as on Windows', async () => {
    const lines = [record({}), record({ name: '똠방각하뷁', 거래정지: 'Y', 상장주수: ' '.repeat(15) }), ''];
    const client = await startFile(archiveOf(iconv.encode(lines.join('\r\n'), 'cp949')));
    expect(await client.getSymbols({ market: 'KONEX' })).toEqual([
      {
        code: '140610',
        name: '엔솔바이오',
        isin: 'KR7140610007',
        market: 'KONEX',
        group: 'ST',
        basePrice: 14_120,
        faceValue: 500,
        listedShares: 11_600_000,
        listingDate: '20200102',
        isSuspended: false,
        isLiquidating: false,
        isAdministrative: true,
      },
      expect.objectContaining({ name: '똠방각하뷁', isSuspended: true, listedShares: undefined }),
    ]);
  });

  test('with a line that is no record is an error that tells the line', async () => {
    for (const line of ['x'.repeat(300), 'short', record({ isin: '한국' }), record({ name: '' })]) {
      const client = await startFile(archiveOf(iconv.encode([record({}), line].join('\n'), 'cp949')));
      const error = await client.getSymbols({ market: 'KONEX' }).catch((it) => it);
      expect(error).toBeInstanceOf(KisResponseError);
      expect(error.where).toBe('/common/master/konex_code.mst.zip, line 2');
    }
  });

  test('that is cut, or broken, or holds more than one file is an error', async () => {
    const archive = archiveOf(Buffer.from(record({})));
    const broken = Buffer.from(archive);
    broken[45] = (broken[45] ?? 0) ^ 0xff;
    const two = Buffer.from(archive);
    two.writeUInt16LE(2, two.length - 12);
    for (const bad of [archive.subarray(0, -30), broken, two, Buffer.alloc(0), Buffer.from('PK\u0005\u0006')]) {
      const client = await startFile(bad);
      const call = client.getSymbols({ market: 'KONEX' });
      await expect(call).rejects.toMatchObject({
        code: 'ERR_KIS_RESPONSE',
        expected: 'a zip archive of one file',
        where: '/common/master/konex_code.mst.zip',
      });
    }
  });
});

/** A record of KONEX. */
function record(given: { isin?: string; name?: string; 거래정지?: string; 상장주수?: string }): string {
  const { isin = 'KR7140610007', name = '엔솔바이오', 거래정지 = 'N', 상장주수 = '11600'.padStart(15, '0') } = given;
  const prices = `${'14120'.padStart(9, '0')}${'0'.repeat(10)}${거래정지}NY${' '.repeat(18)}${'0'.repeat(12)}`;
  const shares = `${'500'.padStart(12, '0')}20200102${상장주수}`;
  return `140610   ${isin.padEnd(12)}${name.padEnd(20)}ST${prices}${shares}`.padEnd(41 + 184);
}

/** A zip archive as it is written when sizes are known only afterwards. */
function archiveOf(content: Buffer): Buffer {
  const name = Buffer.from('konex_code.mst');
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.write('PK\u0003\u0004');
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.write('PK\u0001\u0002');
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(crc32(content), 16);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(content.length, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, name, packed, entry, name, end]);
}

/** A client of a server that gives this, whatever it is asked. */
async function startFile(content: Buffer): Promise<KisClient> {
  const server = createServer((_, reply) => reply.end(content));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = createKisClient({ ...keys, baseUrl: `http://127.0.0.1:${port}` });
  onTestFinished(async () => {
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  });
  return client;
}
