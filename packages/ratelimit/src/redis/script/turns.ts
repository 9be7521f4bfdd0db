import { looksAWindow } from '../../shared/shared-rest.ts';
import { graceMs } from '../../shared/turns.ts';

/**
 * shared/turns.ts as Lua, for `peer`, upon `peers`, `slots`, `rest`, `nowMs`, `windowMs`, `atMs`, `limit` and `inUse`, the
 * slots that it sees in use.
 */
export const turns: string = `
local function isHungry(one) return one.wanted > 0 and one.dueMs + ${graceMs} >= nowMs end

local others = {}
for _, one in ipairs(peers) do
  if one ~= peer and isHungry(one) then table.insert(others, one) end
end

local function turnsOf(free, most)
  local turns = 0
  while turns < most do
    local needed = turns + 1
    for _, other in ipairs(others) do
      local isDue = other.dueMs <= nowMs + math.max(0, peer.creditMs - other.creditMs)
      local first = math.min(other.wanted, math.max(0, peer.served + turns - other.served))
      if isDue then needed = needed + first end
    end
    if needed > free then break end
    turns = turns + 1
  end
  return turns
end

local function appointmentMs(left)
  if rest.untilMs > nowMs then return rest.untilMs end
  if rest.scout == 'out' then return math.min(rest.scoutMs + windowMs, nowMs + windowMs / ${looksAWindow}) end
  local latestMs = left > 0 and nowMs + ${graceMs} or nowMs + windowMs - peer.creditMs
  local some = { 'LIMIT', math.max(0, inUse - limit), #others + 1 }
  local found = redis.call('ZRANGEBYSCORE', slots, '(' .. exact(atMs), '+inf', 'WITHSCORES', unpack(some))
  for rank = 1, #found / 2 do
    local ms, before = math.min(found[2 * rank] + (nowMs - atMs), latestMs), 0
    for _, other in ipairs(others) do
      if other.served <= peer.served and other.dueMs + other.creditMs <= ms + peer.creditMs then before = before + 1 end
    end
    if before < left + rank then return ms end
  end
  return latestMs
end
`;
