import { stateFormat } from '../shared/budget-state.ts';
import { graceMs } from '../shared/turns.ts';
import { adaptive } from './script/adaptive.ts';
import { rest } from './script/rest.ts';
import { silence } from './script/silence.ts';
import { turns } from './script/turns.ts';

/** As Lua. */
export interface ScriptClock {
  readonly time?: string;
  readonly uptime?: string;
}

const uptimeOfRedis = `(string.match(tostring(redis.pcall('INFO', 'server')), 'uptime_in_seconds:(%d+)') or math.huge)`;

/** A budget that nobody asks for goes away after so long. */
const idleMs = 86_400_000;

/**
 * `exchange` of shared/budget.ts as a script of Redis, with its names: what is explained there is not explained again. Slots are
 * a sorted set of grants by `freeAtMs`, so that a limit of many costs no more than one of few; all else is one packed value.
 * Numbers that may have a fraction are told to Redis by 17 digits, which are exact. For tests, `time` is another than Redis's,
 * and so is `uptime`, in seconds; who may not ask for that takes Redis for one that was never restarted.
 */
export function createScript({ time = "redis.call('TIME')", uptime = uptimeOfRedis }: ScriptClock = {}): string {
  return `
local slots, place = KEYS[1], KEYS[2]
local request = cjson.decode(ARGV[1])
local time = ${time}
local nowMs = time[1] * 1000 + time[2] / 1000
local windowMs = request.windowMs

local function exact(number) return string.format('%.17g', number) end
local function grantOf(name, number, index) return name .. '.' .. number .. '.' .. index end

local packed = redis.call('GET', place)
local state = packed and cmsgpack.unpack(packed)
if state and state.format ~= ${stateFormat} then
  return redis.error_reply('ERR the budget is kept in another format, by another version of @kis/ratelimit')
end
local count = redis.call('ZCARD', slots)
local isLost = not state and count > 0
-- Redis may have evicted one of the two.
if state and (state.atMs > nowMs or state.slots ~= count) then state, isLost = nil, true end
if not state then
  redis.call('DEL', slots)
  state = {
    format = ${stateFormat}, generation = grantOf(request.peer, request.number, 0),
    madeMs = nowMs, atMs = nowMs, waitedMs = 0, served = 0, peers = {},
    rest = { untilMs = nowMs, burstMs = 0, bursts = 0, scout = 'none', scoutGrant = '', scoutMs = 0 },
    adaptive = { value = request.limit, isProbe = false, accepted = 0, changedMs = 0, failed = 0, failedMs = 0 },
  }
end
local rest, adaptive = state.rest, state.adaptive
if isLost then rest.untilMs = nowMs + windowMs end

local changed = {}
local function setFreeAt(grant, freeAtMs)
  table.insert(changed, exact(freeAtMs))
  table.insert(changed, grant)
end

-- Many in one call, which each costs more than its work, and no more than a call may have.
local function writeSlots()
  for from = 1, #changed, 1000 do
    redis.call('ZADD', slots, unpack(changed, from, math.min(from + 999, #changed)))
  end
  changed = {}
end

${rest}
${adaptive}
local function finish(ended)
  if ended.outcome == 'unused' then
    redis.call('ZREM', slots, ended.grant)
    return endScout(ended.grant, false)
  end
  local creditMs = ended.outcome == 'unanswered' and 0 or request.creditMs
  setFreeAt(ended.grant, nowMs - ended.endedAgoMs + windowMs - creditMs)
  endScout(ended.grant, true)
  if ended.outcome == 'answered' then adaptive.accepted = adaptive.accepted + 1 end
  if ended.outcome ~= 'refused' then return end
  local isFirst = rest.bursts == 0 or nowMs - ended.askedAgoMs > rest.burstMs
  if isFirst then
    rest.burstMs, rest.bursts, rest.scout = nowMs, rest.bursts + 1, 'due'
    pause(nowMs + windowMs)
  end
  if request.adaptive then fall(isFirst) end
end

-- By whole seconds, of which one may not be over.
local function startedMs() return nowMs - (${uptime} - 1) * 1000 end
${silence}
local heldUntilMs = silentUntilMs()
local peers, peer = {}, nil
for _, one in ipairs(state.peers) do
  if one.seenMs > nowMs - request.memoryMs then
    table.insert(peers, one)
    if one.name == request.peer then peer = one end
  end
end
if not peer then
  peer = { name = request.peer, seenMs = nowMs, creditMs = 0, dueMs = nowMs, limit = request.limit }
  peer.number, peer.granted, peer.served, peer.wanted = 0, 0, 0, 0
  table.insert(peers, peer)
end
state.peers = peers

local isNew = request.number > peer.number
if isNew then
  pause(heldUntilMs)
  local untilMs = -math.huge
  for _, one in ipairs(peers) do
    if one.wanted > 0 then untilMs = math.max(untilMs, one.dueMs + ${graceMs}) end
  end
  state.waitedMs = state.waitedMs + math.max(0, math.min(nowMs, untilMs) - state.atMs)
  if request.generation and request.generation ~= state.generation then
    pause(state.madeMs + windowMs)
  elseif request.generation and request.number ~= peer.number + 1 then
    pause(nowMs + windowMs)
  end
  if request.pauseMs > 0 then pause(nowMs + request.pauseMs) end
  for _, grant in ipairs(request.running) do setFreeAt(grant, nowMs + request.leaseMs) end
  for _, ended in ipairs(request.ended) do finish(ended) end
  writeSlots()
  peer.seenMs, peer.creditMs, peer.limit = nowMs, request.creditMs, request.limit
end

local greatestCreditMs = 0
for _, one in ipairs(peers) do greatestCreditMs = math.max(greatestCreditMs, one.creditMs) end
if isNew then
  redis.call('ZREMRANGEBYSCORE', slots, '-inf', exact(nowMs - greatestCreditMs))
  if request.adaptive then rise() end
end
local limit = request.adaptive and adaptive.value or math.huge
for _, one in ipairs(peers) do limit = math.min(limit, one.limit) end
local atMs = nowMs - (greatestCreditMs - peer.creditMs)
local inUse = redis.call('ZCOUNT', slots, '(' .. exact(atMs), '+inf')

${turns}
if isNew then
  local free = math.max(0, limit - inUse)
  local most = math.min(request.wanted, mostStarts())
  local hasWaited = peer.wanted > 0 and peer.dueMs + windowMs >= nowMs
  peer.served = math.max(peer.served, state.served - (hasWaited and limit or 0))
  local granted = turnsOf(free, most)
  for index = 0, granted - 1 do setFreeAt(grantOf(peer.name, request.number, index), nowMs + request.leaseMs) end
  writeSlots()
  if granted > 0 then
    peer.served = peer.served + granted
    state.served = peer.served
    if rest.scout == 'due' then
      rest.scout, rest.scoutGrant, rest.scoutMs = 'out', grantOf(peer.name, request.number, 0), nowMs
    end
  end
  inUse = inUse + granted
  peer.number, peer.granted, peer.wanted = request.number, granted, request.wanted - granted
  if peer.wanted > 0 then peer.dueMs = appointmentMs(free - granted) end
  state.atMs = nowMs
end
state.slots = redis.call('ZCARD', slots)
redis.call('PEXPIRE', slots, ${idleMs})
redis.call('SET', place, cmsgpack.pack(state), 'PX', ${idleMs})

return {
  request.number == peer.number and peer.granted or 0,
  exact(peer.wanted > 0 and math.max(0, peer.dueMs - nowMs) or math.huge),
  limit, inUse, exact(math.max(0, rest.untilMs - nowMs)), rest.bursts, #peers, state.generation,
}
`;
}
