/** Of `GET /v1/charts/:code`, newest first. */
export interface Candle {
  readonly date: string;
  readonly startMs: number;
  readonly openPrice: number;
  readonly highPrice: number;
  readonly lowPrice: number;
  readonly closePrice: number;
  readonly volume: number;
}
