-- Which numbers are gone: their members left or were erased. It is kept beside the choices, so that
-- leaving is one write, and a member who comes back finds what they chose.
--
-- key.gone string: 7 for each number that left or was erased

local GONE = '\7'

local function set_gone(number) redis.call('SETRANGE', key.gone, number, GONE) end

local function set_all_gone(first, count) redis.call('SETRANGE', key.gone, first, GONE:rep(count)) end

local function is_gone(number) return redis.call('GETRANGE', key.gone, number, number) == GONE end
