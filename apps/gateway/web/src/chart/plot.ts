import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type ISeriesApi,
  LineStyle,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Candle } from './candle.ts';
import { readColours } from './colours.ts';
import type { Period } from './follow-quote.ts';

/** The chart marks instants of UTC: Korea's wall time is told to it as if it were that. */
const KOREA_S = 9 * 3_600;

/** How many candles are seen at first. */
export const IN_SIGHT = 90;

export interface Plot {
  /** Newest first, as the gateway gives them. `fit` brings the newest into sight. */
  show(candles: readonly Candle[], period: Period, fit: boolean): void;
  /** Puts the cross hair on a candle. */
  point(candle: Candle | undefined): void;
  setLocale(locale: string, priceFormatter: (price: number) => string): void;
  /** Reads the colours of the style sheet anew. */
  paint(): void;
}

export function createPlot(container: HTMLElement, onPoint: (timeKey: string | undefined) => void): Plot {
  const chart = createChart(container, {
    autoSize: true,
    layout: { background: { type: ColorType.Solid, color: 'transparent' }, attributionLogo: false, fontSize: 11 },
    crosshair: { mode: CrosshairMode.Magnet },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.26 } },
    timeScale: { borderVisible: false, rightOffset: 3, minBarSpacing: 2 },
    handleScroll: { vertTouchDrag: false, mouseWheel: false },
    handleScale: { mouseWheel: false },
  });
  const price: ISeriesApi<'Candlestick'> = chart.addSeries(CandlestickSeries, {
    borderVisible: false,
    priceFormat: { type: 'price', precision: 0, minMove: 1 },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  // In the place of the library's own, whose writing is white on whatever.
  const last = price.createPriceLine({ price: 0, lineWidth: 1, lineStyle: LineStyle.Dotted, axisLabelVisible: true });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.8, bottom: 0 } });
  chart.subscribeCrosshairMove(({ time }) => onPoint(time === undefined ? undefined : keyOf(time)));
  let shown: readonly Candle[] = [];
  let shownPeriod: Period = 'day';

  function draw(): void {
    const colours = readColours();
    const oldestFirst = shown.toReversed();
    const [newest] = shown;
    const color = newest !== undefined && newest.closePrice < newest.openPrice ? colours.down : colours.up;
    last.applyOptions({
      ...{ price: newest?.closePrice ?? 0, lineVisible: newest !== undefined, axisLabelVisible: newest !== undefined },
      ...{ color, axisLabelColor: color, axisLabelTextColor: colours.card },
    });
    price.setData(
      oldestFirst.map((candle) => ({
        time: timeOf(candle, shownPeriod),
        open: candle.openPrice,
        high: candle.highPrice,
        low: candle.lowPrice,
        close: candle.closePrice,
      })),
    );
    volume.setData(
      oldestFirst.map((candle) => ({
        time: timeOf(candle, shownPeriod),
        value: candle.volume,
        color: candle.closePrice >= candle.openPrice ? colours['up-soft'] : colours['down-soft'],
      })),
    );
  }

  return {
    show(candles, period, fit) {
      [shown, shownPeriod] = [candles, period];
      chart.timeScale().applyOptions({ timeVisible: period === '5m', secondsVisible: false });
      draw();
      if (fit) chart.timeScale().setVisibleLogicalRange({ from: candles.length - IN_SIGHT, to: candles.length + 2 });
    },
    point(candle) {
      if (candle === undefined) chart.clearCrosshairPosition();
      else chart.setCrosshairPosition(candle.closePrice, timeOf(candle, shownPeriod), price);
    },
    setLocale(locale, priceFormatter) {
      const dateFormat = locale === 'ko-KR' ? 'yyyy-MM-dd' : 'MMM d, yyyy';
      chart.applyOptions({ localization: { locale, dateFormat, priceFormatter } });
    },
    paint() {
      const { muted, line, up, down, accent } = readColours();
      const { fontFamily } = getComputedStyle(document.body);
      chart.applyOptions({
        layout: { textColor: muted, fontFamily },
        grid: { vertLines: { color: 'transparent' }, horzLines: { color: line } },
        crosshair: {
          vertLine: { color: muted, labelBackgroundColor: accent },
          horzLine: { color: muted, labelBackgroundColor: accent },
        },
      });
      price.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
      draw();
    },
  };
}

/** How a candle is found again by the time that the chart tells. */
export function keyOf(time: Time): string {
  return typeof time === 'object' ? [time.year, time.month, time.day].join('-') : String(time);
}

export function timeOf({ date, startMs }: Candle, period: Period): Time {
  if (period === '5m') return (startMs / 1_000 + KOREA_S) as UTCTimestamp;
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
}
