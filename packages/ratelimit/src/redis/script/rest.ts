/** shared/shared-rest.ts as Lua, upon `rest`, `nowMs` and `windowMs`. */
export const rest: string = `
local function endScout(grant, isUsed)
  if rest.scout == 'out' and rest.scoutGrant == grant then rest.scout = isUsed and 'none' or 'due' end
end

local function pause(untilMs) rest.untilMs = math.max(rest.untilMs, untilMs) end

local function mostStarts()
  if rest.scout == 'out' and rest.scoutMs + windowMs <= nowMs then rest.scout = 'none' end
  if rest.untilMs > nowMs or rest.scout == 'out' then return 0 end
  return rest.scout == 'due' and 1 or math.huge
end
`;
