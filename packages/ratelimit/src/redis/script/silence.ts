import { graceMs } from '../../shared/turns.ts';

/** shared/silence.ts as Lua, upon `state`, `request`, `slots`, `nowMs`, `windowMs` and `startedMs()`. */
export const silence: string = `
local function areOthersMissing()
  local silentMs = nowMs - state.atMs
  if silentMs <= windowMs + ${graceMs} then return false end
  local isLong, running = silentMs > windowMs + request.leaseMs / 3, {}
  if isLong then running = redis.call('ZRANGEBYSCORE', slots, '(' .. exact(state.atMs + windowMs), '+inf') end
  for _, one in ipairs(state.peers) do
    if one.name ~= request.peer then
      local untilMs = one.dueMs + ${graceMs}
      if one.wanted > 0 and untilMs >= state.atMs and untilMs < nowMs then return true end
      local start = one.name .. '.'
      for _, grant in ipairs(running) do
        if string.sub(grant, 1, #start) == start then return true end
      end
    end
  end
  return false
end

local function silentUntilMs()
  if nowMs - state.atMs <= ${graceMs} and state.madeMs < nowMs then return -math.huge end
  local fromMs = areOthersMissing() and nowMs or startedMs()
  return fromMs + math.max(windowMs, request.returnMs)
end
`;
