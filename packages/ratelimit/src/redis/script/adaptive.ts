import { triedShare, windows } from '../../adaptive-limit.ts';

/** `fall` and `rise` of adaptive-limit.ts as Lua, upon `adaptive`, `state`, `request` and `windowMs`. */
export const adaptive: string = `
local function isTried()
  local tried = (state.waitedMs - adaptive.changedMs) / windowMs
  return tried >= ${windows.next} and adaptive.accepted >= ${triedShare} * adaptive.value * tried
end

local function change(value) adaptive.changedMs, adaptive.accepted, adaptive.value = state.waitedMs, 0, value end

local function fall(isFirst)
  if isFirst and adaptive.isProbe and not isTried() then
    adaptive.failed, adaptive.failedMs = adaptive.value, state.waitedMs
  end
  if isFirst then adaptive.isProbe = false end
  change(math.max(1, adaptive.value - 1))
end

local function rise()
  if adaptive.value >= request.limit or not isTried() then return end
  if not adaptive.isProbe and state.waitedMs - adaptive.changedMs < ${windows.first} * windowMs then return end
  if adaptive.failed > 0 and adaptive.value + 1 >= adaptive.failed then
    if state.waitedMs - adaptive.failedMs < ${windows.again} * windowMs then return end
    adaptive.failed = 0
  end
  adaptive.isProbe = true
  change(adaptive.value + 1)
end
`;
