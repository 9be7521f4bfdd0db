import type { Faults } from './faults.ts';
import type { Variables } from './variables.ts';

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

/** Without keys these would be dropped without a word, and a misspelt key would give invented prices for real ones. */
export function findDemoFaults(variables: Variables, faults: Faults): void {
  const names = NAMES.filter((name) => variables.text(name) !== undefined);
  if (names.length === 0) return;
  faults.add(
    `there are no keys, without which nothing comes of ${names.join(', ')}`,
    'Set KIS_APP_KEY and KIS_APP_SECRET, or SECRETS_FILE; with none of all these the gateway plays KIS itself',
  );
}
