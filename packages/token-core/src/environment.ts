/** KIS's two worlds: real accounts (실전투자) and paper trading (모의투자), each with keys of its own. */
export type KisEnvironment = 'real' | 'virtual';

/** KIS's own origins. */
export const kisBaseUrls: Readonly<Record<KisEnvironment, string>> = {
  real: 'https://openapi.koreainvestment.com:9443',
  virtual: 'https://openapivts.koreainvestment.com:29443',
};
