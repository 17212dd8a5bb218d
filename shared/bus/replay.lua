-- A dead letter goes back to its stream, without what was added to it, and is no longer one. In one
-- step, so that it is always in exactly one of the two.
--
-- key.dead stream: of dead letters
-- key.stream stream: where the event came from
-- arg.letter text: the dead letter's entry id
--
-- answer replayed entry: the event's new id
-- answer none: there is no such letter

local entry = redis.call('XRANGE', key.dead, arg.letter, arg.letter)[1]
if not entry then return { 'none' } end
local fields = {}
for place = 1, #entry[2], 2 do
  if entry[2][place]:sub(1, 5) ~= 'dead_' then
    fields[#fields + 1] = entry[2][place]
    fields[#fields + 1] = entry[2][place + 1]
  end
end
local id = emit(key.stream, fields)
redis.call('XDEL', key.dead, arg.letter)
return { 'replayed', id }
