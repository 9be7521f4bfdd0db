/** KIS's own host of each environment. */
export const KIS_ORIGINS: { readonly real: string; readonly virtual: string } = {
  real: 'https://openapi.koreainvestment.com:9443',
  virtual: 'https://openapivts.koreainvestment.com:29443',
};

/** Where the files of all symbols can be had, by anybody. */
export const MASTER_FILES_ORIGIN = 'https://new.real.download.dws.co.kr';
export const MASTER_FILES_PATH = '/common/master/';

/** The Korea Exchange's own API, which tells of days that are over. */
export const KRX_ORIGIN = 'http://data-dbg.krx.co.kr';
export const KRX_PATH = '/svc/apis/';
