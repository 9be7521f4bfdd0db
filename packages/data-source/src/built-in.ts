import type { FromEnvOverrides } from '@kis/client';
import type { KrxSourceOptions } from '@kis/krx';
import type { FakeKisOptions } from '@kis/mock';
import { loadPeer } from './load-peer.ts';
import type { SourceDefinition } from './ports.ts';

/** Settings of the sources that are there without being brought along. */
export interface BuiltInOptions {
  /** For `createKisClientFromEnv`; they count more than the environment. */
  readonly kis?: Omit<FromEnvOverrides, 'env'> | undefined;
  readonly krx?: Omit<Partial<KrxSourceOptions>, 'apiKey'> | undefined;
  readonly mock?: FakeKisOptions | undefined;
}

export type BuiltInName = 'kis' | 'krx' | 'mock';

export function createBuiltIn({ kis, krx, mock }: BuiltInOptions): Readonly<Record<BuiltInName, SourceDefinition>> {
  return {
    kis: {
      // What of its keys lacks the client itself tells, with all that is wrong besides.
      async open(env) {
        const { createKisClientFromEnv } = await loadPeer('@kis/client', 'kis', () => import('@kis/client'));
        return createKisClientFromEnv({ ...kis, env });
      },
    },
    krx: {
      needs: ['KRX_API_KEY'],
      async open(env) {
        const { createKrxSource } = await loadPeer('@kis/krx', 'krx', () => import('@kis/krx'));
        return createKrxSource({ ...krx, apiKey: env.KRX_API_KEY?.trim() ?? '' });
      },
    },
    mock: {
      async open() {
        const { createFakeKis } = await loadPeer('@kis/mock', 'mock', () => import('@kis/mock'));
        const { createKisClient } = await loadPeer('@kis/client', 'mock', () => import('@kis/client'));
        const { dispatcher, environment } = createFakeKis(mock);
        const keys = { appKey: 'PSmock', appSecret: 'mock' };
        const client = createKisClient({ ...keys, environment, baseUrl: 'https://kis.mock', dispatcher });
        return { ...client, source: 'mock' };
      },
    },
  };
}
