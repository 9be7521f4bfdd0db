import { describe, expect, test } from 'vitest';
import { remedyFor } from '../../web/src/words/remedies.ts';

describe('what to do about an error', () => {
  test('is told by KIS’s code first, then by ours', () => {
    expect(remedyFor({ code: 'ERR_TOKEN_ISSUE', kisCode: 'EGW00133' }, 'en')).toMatch(/^One token a minute/);
    expect(remedyFor({ code: 'ERR_TOKEN_ISSUE' }, 'en')).toMatch(/^KIS gave no token/);
    expect(remedyFor({ code: 'ERR_TOKEN_ISSUE', kisCode: 'EGW99999' }, 'en')).toMatch(/^KIS gave no token/);
  });

  test('is to compare the call with the documents where KIS refuses it, and to wait where KIS fails', () => {
    expect(remedyFor({ code: 'ERR_KIS_API', kisCode: 'OPSQ2001' }, 'en')).toMatch(/^Compare path/);
    expect(remedyFor({ code: 'ERR_KIS_API', kisCode: 'OPSQ0003' }, 'en')).toMatch(/^A passing trouble/);
  });

  test('is to look an order up where it may have been taken', () => {
    expect(remedyFor({ code: 'ERR_KIS_API', kisCode: 'EGW00301' }, 'ko')).toMatch(/^주문이었다면/);
  });
});
