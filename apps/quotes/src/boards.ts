import type { Candle, CurrentPrice, OrderBook } from '@kis/client';
import type { Stock } from './stocks.ts';
import { coloured, left, number, right, signed } from './terminal.ts';

export interface Row {
  readonly stock: Stock;
  readonly price: CurrentPrice;
  readonly book: OrderBook;
}

/** One line a stock: name, price, change, volume, best bid and ask. */
export function quoteTable(rows: readonly Row[]): string {
  const header =
    left('', 21) + right('price', 11) + right('change', 18) + right('volume', 14) + right('bid', 11) + right('ask', 11);
  const lines = rows.map(({ stock: [, name], price, book }) => {
    const change = `${signed(price.changePrice)} (${price.changeRate.toFixed(2)} %)`;
    return (
      left(name, 21) +
      right(number(price.currentPrice), 11) +
      coloured(right(change, 18), price.changePrice) +
      right(number(price.volume), 14) +
      right(number(book.bestBid), 11) +
      right(number(book.bestAsk), 11)
    );
  });
  return [header, ...lines].join('\n');
}

/** Ten levels to each side, the best ones in the middle. */
export function orderBook({ askLevels, bidLevels, totalAskVolume, totalBidVolume, spread }: OrderBook): string {
  const most = Math.max(...[...askLevels, ...bidLevels].map(({ volume }) => volume), 1);
  const bar = (volume: number) => '█'.repeat(Math.round((volume / most) * 24));
  const asks = [...askLevels].reverse().map(({ price, volume }) => {
    return `${right(`${bar(volume)} ${number(volume)}`, 36)} ${coloured(right(number(price), 10), -1)}`;
  });
  const bids = bidLevels.map(({ price, volume }) => {
    return `${right('', 36)} ${coloured(right(number(price), 10), 1)} ${number(volume)} ${bar(volume)}`;
  });
  const sums = `${right(number(totalAskVolume), 36)} ${right(`spread ${number(spread)}`, 10)} ${number(totalBidVolume)}`;
  return [...asks, ...bids, sums].join('\n');
}

/** Candles from the oldest to the newest: a thin line from low to high, a thick one from open to close. */
export function candleChart(newestFirst: readonly Candle[], height = 14): string {
  const candles = [...newestFirst].reverse();
  const top = Math.max(...candles.map(({ highPrice }) => highPrice));
  const bottom = Math.min(...candles.map(({ lowPrice }) => lowPrice));
  const step = (top - bottom) / height || 1;
  const lines = Array.from({ length: height }, (_, row) => {
    const [upper, lower] = [top - row * step, top - (row + 1) * step];
    const cells = candles.map(({ openPrice, highPrice, lowPrice, closePrice }) => {
      const [bodyTop, bodyBottom] = [Math.max(openPrice, closePrice), Math.min(openPrice, closePrice)];
      const cell = bodyTop > lower && bodyBottom <= upper ? '█' : highPrice > lower && lowPrice <= upper ? '│' : ' ';
      return cell === ' ' ? '  ' : `${coloured(cell, closePrice - openPrice || 1)} `;
    });
    return `${right(number(Math.round(upper)), 10)} ${cells.join('')}`;
  });
  const dates = `${right('', 10)} ${left(candles[0]?.date ?? '', 2 * candles.length - 8)}${candles.at(-1)?.date ?? ''}`;
  return [...lines, dates].join('\n');
}
