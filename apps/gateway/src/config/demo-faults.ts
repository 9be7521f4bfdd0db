import type { Faults } from './faults.ts';
import type { Env, Variables } from './variables.ts';

/** What speaks of KIS, or of where its tokens and limits are kept: who sets it means KIS, and not one that is played. */
const NAMES = [
  'KIS_USE_VIRTUAL_SERVER',
  'KIS_API_BASE_URL_REAL',
  'KIS_API_BASE_URL_VIRTUAL',
  'KIS_ACCOUNT_NUMBER',
  'KIS_TOKEN_FILE_PATH',
  'KOREA_INVESTMENT_TOKEN_FILE',
  'KIS_TOKEN_ENCRYPTION_KEY',
  'KIS_TOKEN_ENCRYPTION_KEY_FILE',
  'KIS_TOKEN_STORAGE',
  'KOREA_INVESTMENT_TOKEN_STORAGE',
  'KIS_REDIS_URL',
  'KOREA_INVESTMENT_REDIS_URL',
  'KIS_REDIS_PASSWORD',
  'KIS_REDIS_PASSWORD_FILE',
  'KOREA_INVESTMENT_REDIS_PASSWORD',
  'KOREA_INVESTMENT_REDIS_PASSWORD_FILE',
  'KIS_API_RATE_LIMIT_SHARE',
  'KIS_API_RATE_LIMIT_BUDGET',
];

/** What the play does by itself, so that these ask nothing of it. */
const AS_PLAYED: Env = {
  KIS_TOKEN_STORAGE: 'file',
  KOREA_INVESTMENT_TOKEN_STORAGE: 'file',
  KIS_API_RATE_LIMIT_SHARE: 'none',
};

/** Where there are no keys, none of the names that are read is set: these are others. */
const LIKE_A_KEY = /^(?:KIS|KOREA_INVESTMENT).*APP_?(?:KEY|SECRET)/i;

/** Without keys these would be dropped without a word, and a misspelt key would give invented prices for real ones. */
export function findDemoFaults(env: Env, variables: Variables, faults: Faults): void {
  const isSet = (name: string) => variables.text(name) !== undefined;
  const misspelt = Object.keys(env).filter((name) => LIKE_A_KEY.test(name) && isSet(name));
  if (misspelt.length > 0) {
    faults.add(
      `there are no keys, and nobody reads ${misspelt.join(', ')}`,
      'Write KIS_APP_KEY and KIS_APP_SECRET, or KIS_APP_KEY_FILE and KIS_APP_SECRET_FILE',
    );
  }
  const idle = NAMES.filter((name) => isSet(name) && variables.text(name) !== AS_PLAYED[name]);
  if (idle.length === 0) return;
  faults.add(
    `there are no keys, without which nothing comes of ${idle.join(', ')}`,
    'Set KIS_APP_KEY and KIS_APP_SECRET, or SECRETS_FILE; with none of all these the gateway plays KIS itself',
  );
}
