import { type TSchema, Type } from 'typebox';

/** What is told of health. A field that is not named here is not told. */

const source = Type.Enum(['kis', 'mock'], { description: 'mock: KIS is played by the gateway itself' });

export const Alive: TSchema = Type.Object({ status: Type.Enum(['ok']) });

export const Ready: TSchema = Type.Object({
  ready: Type.Boolean(),
  missing: Type.Array(Type.Enum(['storage', 'token', 'breaker'])),
  details: Type.Optional(Type.Array(Type.String(), { description: 'For those who have the key, where one is needed' })),
  source,
});

const Instant = Type.Union([Type.String(), Type.Null()], { description: 'ISO 8601' });

export const TokenState: TSchema = Type.Object({
  account: Type.String(),
  status: Type.Enum(['VALID', 'EXPIRING_SOON', 'EXPIRED', 'NO_TOKEN']),
  valid: Type.Boolean({ description: 'Whether calls use it' }),
  expires_at: Instant,
  issued_at: Instant,
  remaining_seconds: Type.Integer(),
  remaining_hours: Type.Number(),
  buffer_seconds: Type.Number({ description: 'It is not used for the last of its life' }),
  proactive_refresh_seconds: Type.Number({ description: 'So long before its end the next one is asked for' }),
  cache_exists: Type.Boolean({ description: 'Whether it is stored' }),
  attempts: Type.Array(
    Type.Object({
      at: Type.String({ description: 'ISO 8601' }),
      outcome: Type.Enum(['pending', 'issued', 'same-token', 'refused', 'failed', 'unknown']),
      by: Type.String({ description: 'Which process' }),
      kis_code: Type.Optional(Type.String()),
      count: Type.Optional(Type.Integer({ description: 'How many of the same came one after the other' })),
      forced: Type.Optional(Type.Boolean()),
    }),
    { description: 'Newest first' },
  ),
  last_error: Type.Union([Type.String(), Type.Null()]),
  source,
});
