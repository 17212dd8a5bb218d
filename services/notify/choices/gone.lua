-- A member leaves or is erased. Which numbers are gone is kept beside the choices, so that leaving is
-- one write, and who comes back finds what they chose.
--
-- key.gone string: 7 for each number that left or was erased

local function set_gone(number) redis.call('SETRANGE', key.gone, number, '\7') end
