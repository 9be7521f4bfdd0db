import { describe, expect, test } from 'vitest';
import { outcomes, price, startTimeline, times } from './timeline.ts';

describe('a token that dies while 190 calls wait in the queue', () => {
  test.each([
    ['the first ten are on their way', 500, 10, 10],
    ['the first ten are on their way', 200, 10, 10],
    ['the next eight are on their way', 500, 50, 8],
  ] as const)(
    '(%s, HTTP %i) is not sent once its refusal is known: all go out with the next one',
    async (_, deadTokenStatus, killedMs, onTheirWay) => {
      const latencyMs = 40;
      const { fake, client, play, pass } = startTimeline({ latencyMs, deadTokenStatus, sameTokenMs: 0 });
      await play(client.tokens.getToken());
      const reading = outcomes(times(200, () => price(client)));
      await pass(killedMs);
      fake.control({ killToken: 'fresh' });
      expect(await play(reading)).toEqual({ ok: 200, errors: [] });

      const { entries, calls, tokenRequests, refusals } = fake.log();
      const refused = entries.filter(({ kisCode }) => kisCode === 'EGW00123');
      expect(refused).toHaveLength(onTheirWay);
      expect({ calls, tokenRequests, refusals }).toEqual({ calls: 200 + onTheirWay, tokenRequests: 2, refusals: 0 });
    },
  );
});
