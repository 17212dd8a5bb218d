-- A dead letter goes back to its stream, without what was added to it, and is no longer one. In one
-- step, so that it is always in exactly one of the two.
-- KEYS: stream of dead letters, its stream. ARGV: the dead letter's entry id.

expect(KEYS[2], 'stream')
local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not entry then return false end
local fields = {}
for place = 1, #entry[2], 2 do
  if entry[2][place]:sub(1, 5) ~= 'dead_' then
    fields[#fields + 1] = entry[2][place]
    fields[#fields + 1] = entry[2][place + 1]
  end
end
local id = emit(KEYS[2], fields)
redis.call('XDEL', KEYS[1], ARGV[1])
return id
