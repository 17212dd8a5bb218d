-- with: gone
-- The strings of choices: a byte for each member's number, WANTS or NOT. A number beyond a string's
-- end wants it. `base` has NOT for each member who picked particular subjects; a subject that
-- somebody picked has a string of its own, made as a copy of base. Members who want every alert
-- have WANTS everywhere, so that a new member needs no write. Which number is gone is in gone.lua's
-- string only.
--
-- key.own set: names of all subjects that have a string
-- arg.names text...: of the subjects whose strings the caller gives, in the same order

local WANTS, NOT = '\0', '\7'

-- Whether somebody made a string that the caller did not see.
local function is_outdated()
  local seen = {}
  for _, name in ipairs(arg.names) do seen[name] = true end
  for _, name in ipairs(redis.call('SMEMBERS', key.own)) do
    if not seen[name] then return true end
  end
  return false
end

local function byte_of(string, number)
  local found = redis.call('GETRANGE', string, number, number)
  return found == '' and WANTS or found
end

-- Write only what is not so already: a byte beyond the end would make the string longer.
local function set_byte(string, number, byte)
  if byte_of(string, number) ~= byte then redis.call('SETRANGE', string, number, byte) end
end
