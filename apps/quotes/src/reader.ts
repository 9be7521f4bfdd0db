import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKisClientFromEnv, isRateRefusal } from '@kis/client';
import { createRateLimiter } from '@kis/ratelimit';
import { candleChart, orderBook, quoteTable, type Row } from './boards.ts';
import { dozens } from './stocks.ts';

// One of several processes with one app key. They share the token by its file; of the rate budget each takes a share.

const [index = 0, limit = 4, windowMs = 1_100, beginMs = 0] = process.argv.slice(2).map(Number);

// A small share makes a long queue: for paper trading its last call waits two minutes.
const share = createRateLimiter({ limit, windowMs, queueTimeoutMs: Infinity, isRefusal: isRateRefusal });
const client = await createKisClientFromEnv({ rateLimiter: share });
try {
  await client.tokens.getToken();
  await sleep(Math.max(0, beginMs - Date.now()));
  const rows: Row[] = await Promise.all(
    (dozens[index] ?? []).map(async (stock) => {
      const [price, book] = await Promise.all([client.getCurrentPrice(stock[0]), client.getOrderBook(stock[0])]);
      return { stock, price, book };
    }),
  );
  console.log(`\nprocess ${process.pid}\n${quoteTable(rows)}`);

  const first = rows[0];
  if (index === 0 && first !== undefined) {
    const [code, name] = first.stock;
    console.log(`\n${name}, order book\n${orderBook(first.book)}`);
    console.log(`\n${name}, 30 days\n${candleChart(await client.getChart(code, { period: 'day', count: 30 }))}`);
  }

  const token = await client.tokens.getToken();
  process.send?.(createHash('sha256').update(token.value).digest('hex'));
} finally {
  await client.close();
}
