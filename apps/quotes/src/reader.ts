import { createHash } from 'node:crypto';
import { createKisClientFromEnv } from '@kis/client';
import { candleChart, orderBook, quoteTable, type Row } from './boards.ts';
import { dozens } from './stocks.ts';

// One of several processes with one app key. They share the token and the rate budget, by files.

const index = Number(process.argv[2] ?? 0);

// For paper trading the last of 97 calls waits a minute and a half.
const client = await createKisClientFromEnv({ rateLimiter: { queueTimeoutMs: Infinity } });
try {
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
