import { defineScript, type RedisScript } from '@kis/redis-connection';

const common = `
-- Who may not publish may write all the same: changes are polled for, too.
local function tell(channel) redis.pcall('PUBLISH', channel, '') end
local function version()
  local nonce, token, timestamp = unpack(redis.call('HMGET', KEYS[1], 'kis_version', 'access_token', 'timestamp'))
  if not nonce and not token then return '' end
  return (nonce or '0') .. '-' .. redis.sha1hex((token or '') .. '\\n' .. (timestamp or ''))
end
`;

/**
 * Writes if the stored version is `ARGV[1]`, of which `''` is nothing; a run that finds its own write, `ARGV[2]`, is one whose reply was lost.
 * Answers 1, or what is stored instead.
 *
 * ARGV: expected, next version, channel, instant until which it is kept, least time that it is kept for, whether what is there
 * is damaged, how many fields go, these, and the fields that come with their values.
 */
export const writeScript: RedisScript = defineScript(`${common}
local found = version()
if found == ARGV[2] then return 1 end
if found ~= ARGV[1] then
  local isNothing = ARGV[1] == '' and redis.call('HEXISTS', KEYS[1], 'kis_record') + redis.call('HEXISTS', KEYS[1], 'access_token') == 0
  if not isNothing then return redis.call('HGETALL', KEYS[1]) end
end
local damaged = ARGV[6] == '1' and redis.call('HGET', KEYS[1], 'kis_record')
local gone = tonumber(ARGV[7])
-- First, since a full memory refuses only the first write of a script.
redis.call('HSET', KEYS[1], unpack(ARGV, 8 + gone))
if gone > 0 then redis.call('HDEL', KEYS[1], unpack(ARGV, 8, 7 + gone)) end
if damaged then redis.call('HSET', KEYS[1], 'kis_damaged', string.sub(damaged, 1, 65536)) end
local time = redis.call('TIME')
local least = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[5]
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', math.max(ARGV[4], least)))
tell(ARGV[3])
return 1
`);

/**
 * Deletes if the stored version is `ARGV[1]`, and leaves a version of nothing, also where nothing is, until all who look now and
 * then have seen it. Its nonce stays beside what is written later: a run that finds it is one whose reply was lost.
 * Answers 1, or the version that is stored instead. ARGV: expected version, nonce, channel, milliseconds.
 */
export const deleteScript: RedisScript = defineScript(`${common}
-- An error where something other than a hash is, which is left alone.
if redis.call('HGET', KEYS[1], 'kis_deleted') == ARGV[2] then return 1 end
local found = version()
if found ~= ARGV[1] then return found end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'kis_version', ARGV[2], 'kis_deleted', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
tell(ARGV[3])
return 1
`);
