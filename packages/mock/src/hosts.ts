/** KIS's own host of each environment. */
export const KIS_ORIGINS: { readonly real: string; readonly virtual: string } = {
  real: 'https://openapi.koreainvestment.com:9443',
  virtual: 'https://openapivts.koreainvestment.com:29443',
};

/** Where the files of all symbols can be had, by anybody. */
export const MASTER_FILES_ORIGIN = 'https://new.real.download.dws.co.kr';
export const MASTER_FILES_PATH = '/common/master/';
