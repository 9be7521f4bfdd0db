import type { Hello } from '../../../src/live/events.ts';
import type { Candle } from '../chart/candle.ts';
import { createCandleFeed } from '../chart/candle-feed.ts';
import type { Period } from '../chart/follow-quote.ts';
import { createPlot, IN_SIGHT, keyOf, timeOf } from '../chart/plot.ts';
import { createFiller, find, setAttributes, setText } from '../dom.ts';
import type { Gateway } from '../live/gateway.ts';
import type { Panel, View } from '../view.ts';
import { describeCandle, tabulateCandles } from './candle-words.ts';

const IN_TABLE = 20;
const PERIOD_WORDS = { '5m': 'period5m', day: 'periodDay', week: 'periodWeek', month: 'periodMonth' } as const;

export interface ChartPanel {
  readonly panel: Panel;
  choose(code: string, account: string | undefined): void;
  /** The theme has changed. */
  paint(): void;
}

/** The chosen stock as candles and volumes, in one line under the pointer or the arrow keys, and as a table. */
export function createChartPanel(gateway: Gateway): ChartPanel {
  const [title, legend, says, container] = [find('#chart-title'), find('#legend'), find('#plot-says'), find('#plot')];
  const [table, announce] = [find('#candle-table'), find('#announce')];
  const fillTable = createFiller(table);
  // Both take keys: arrows read the chart, and scroll the table.
  setAttributes(container, { tabindex: 0, role: 'application' });
  setAttributes(table, { tabindex: 0 });
  let [code, account, period]: [string, string | undefined, Period] = ['', undefined, 'day'];
  let pointed: Candle | undefined;
  let view: View | undefined;
  let hello: Hello | undefined;

  const feed = createCandleFeed({
    gateway,
    onChange({ isAnother }) {
      if (isAnother) pointed = undefined;
      plot.show(feed.candles, shownPeriod(), isAnother);
      draw();
    },
  });
  const plot = createPlot(container, (key) => {
    pointed = feed.candles.find((candle) => keyOf(timeOf(candle, shownPeriod())) === key);
    drawLegend();
  });

  function shownPeriod(): Period {
    return feed.shown?.period ?? period;
  }

  function choose(): void {
    if (code !== '') feed.choose({ code, account, period });
    draw();
  }

  find('#period').addEventListener('change', (event) => {
    period = (event.target as HTMLInputElement).value as Period;
    choose();
  });
  container.addEventListener('keydown', (event) => {
    const { candles } = feed;
    const at = pointed === undefined ? -1 : candles.indexOf(pointed);
    const to = { ArrowLeft: at + 1, ArrowRight: at - 1, Home: candles.length - 1, End: 0 }[event.key];
    if (to === undefined || candles.length === 0) return;
    event.preventDefault();
    pointed = candles[Math.min(Math.max(to, 0), candles.length - 1)];
    plot.point(pointed);
    drawLegend();
    setText(announce, legend.textContent ?? '');
  });
  container.addEventListener('blur', () => {
    pointed = undefined;
    plot.point(undefined);
    drawLegend();
  });

  function nameOf(stock: string): string {
    return view?.model.quotes.get(stock)?.stockName ?? stock;
  }

  function draw(): void {
    if (view === undefined) return;
    const { words, formats, language } = view;
    const { candles, trouble } = feed;
    const name = nameOf(code);
    setText(title, name === '' ? '–' : name);
    setAttributes(title, { lang: name === code ? undefined : 'ko' });
    const reading = feed.isReading ? words.chartLoading : words.noCandles;
    setText(says, trouble === undefined ? reading : words.chartFailed(trouble));
    says.hidden = candles.length > 0 || code === '';
    const inSight = candles.slice(0, IN_SIGHT);
    const low = Math.min(...inSight.map(({ lowPrice }) => lowPrice));
    const high = Math.max(...inSight.map(({ highPrice }) => highPrice));
    const [close, most, least] = [inSight[0]?.closePrice ?? 0, high, low].map(formats.integer) as [
      string,
      string,
      string,
    ];
    const label = words.chartSays(
      nameOf(feed.shown?.code ?? ''),
      words[PERIOD_WORDS[shownPeriod()]],
      close,
      most,
      least,
    );
    setAttributes(container, { 'aria-label': inSight.length === 0 ? name : label });
    setAttributes(table, { 'aria-label': words.asTable });
    const rows = candles.slice(0, IN_TABLE);
    fillTable(language + shownPeriod() + JSON.stringify(rows), () => [
      tabulateCandles(rows, shownPeriod(), { words, formats }),
    ]);
    drawLegend();
  }

  function drawLegend(): void {
    const candle = pointed ?? feed.candles[0];
    if (view === undefined || candle === undefined) {
      legend.replaceChildren();
      return;
    }
    legend.dataset.direction = candle.closePrice >= candle.openPrice ? 'up' : 'down';
    legend.replaceChildren(...describeCandle(candle, shownPeriod(), view));
  }

  return {
    panel(next) {
      const isOther = view?.language !== next.language;
      const isNewName = view?.model.quotes.get(code)?.stockName !== next.model.quotes.get(code)?.stockName;
      const isBack = hello !== undefined && hello !== next.model.hello;
      view = next;
      hello = next.model.hello;
      if (isOther) plot.setLocale(next.language === 'ko' ? 'ko-KR' : 'en-US', next.formats.integer);
      if (isOther || isNewName) draw();
      // While the gateway was not heard, candles may have been missed.
      if (isBack) feed.renew();
      const quote = next.model.quotes.get(code);
      if (quote !== undefined) feed.follow(quote);
    },
    choose(nextCode, of) {
      if (nextCode === code && of === account) return;
      [code, account] = [nextCode, of];
      choose();
    },
    paint: () => plot.paint(),
  };
}
