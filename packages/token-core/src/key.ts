import { createHash } from 'node:crypto';
import { type KisEnvironment, kisBaseUrls } from './environment.ts';
import { checkAppKey, checkBaseUrl, checkEnvironment } from './options.ts';

/** Hex sha256: how tokens and app keys are named where they themselves must not appear. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The storage key of an app key: `real-` or `virtual-` and the sha256 of the app key. Where `baseUrl` is not KIS's own,
 * 8 hex digits of its origin's sha256 follow, so that a mock's token never lies under a real key's name.
 *
 * @throws TypeError naming the option that is wrong.
 */
export function tokenKey(options: {
  readonly environment: KisEnvironment;
  readonly appKey: string;
  readonly baseUrl?: string | undefined;
}): string {
  const environment = checkEnvironment(options.environment);
  const key = `${environment}-${sha256(checkAppKey(options.appKey))}`;
  const own = new URL(kisBaseUrls[environment]).origin;
  const origin = options.baseUrl === undefined ? own : checkBaseUrl(options.baseUrl).origin;
  return origin === own ? key : `${key}-${sha256(origin).slice(0, 8)}`;
}
