import { describe, expect, test } from 'vitest';
import { chooseSource } from '../src/choose.ts';

describe('without `type`', () => {
  test.each([
    [{ DATA_SOURCE_TYPE: 'krx', KIS_APP_KEY: 'PS' }, 'krx', 'DATA_SOURCE_TYPE says so'],
    [{ KIS_APP_KEY: 'PS', KIS_APP_SECRET: 's', KRX_API_KEY: 'k' }, 'kis', 'KIS_APP_KEY is set'],
    [{ KIS_APP_SECRET_FILE: '/run/secrets/kis' }, 'kis', 'KIS_APP_SECRET_FILE is set'],
    [{ KIS_APP_KEY: '  ', KRX_API_KEY: 'k' }, 'krx', 'KRX_API_KEY is set'],
    [{ DATA_SOURCE_TYPE: '', KRX_API_KEY: ' ' }, 'mock', 'neither KIS_APP_KEY nor KRX_API_KEY is set'],
    [{}, 'mock', 'neither KIS_APP_KEY nor KRX_API_KEY is set'],
  ])('%o chooses %s', (env, type, reason) => {
    expect(chooseSource(undefined, env)).toEqual({ type, reason });
  });
});

test('`type` counts more than the environment', () => {
  expect(chooseSource('mock', { DATA_SOURCE_TYPE: 'krx', KIS_APP_KEY: 'PS' })).toMatchObject({ type: 'mock' });
});
