import { type KisEnvironment, kisBaseUrls } from '@kis/token-core';
import type { Env } from './variables.ts';

/** Whom the client of these variables talks to. */
export interface World {
  readonly environment: KisEnvironment;
  readonly baseUrl: string;
}

export function worldOf(env: Env): World {
  const isReal = /^(?:false|0|no|off)$/i.test(env.KIS_USE_VIRTUAL_SERVER?.trim() ?? '');
  const environment = isReal ? 'real' : 'virtual';
  const baseUrl = env[isReal ? 'KIS_API_BASE_URL_REAL' : 'KIS_API_BASE_URL_VIRTUAL']?.trim();
  return { environment, baseUrl: baseUrl || kisBaseUrls[environment] };
}
