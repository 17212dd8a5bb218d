-- What became of some members is written down and counted, whoever tells it: an outcome is a fact,
-- also when the teller has lost the chunk. A member who has a final state keeps it, so the same
-- fact told twice counts once. Each counter is counted by itself; they must add up (promise G6).
-- KEYS: ledger, delivery, failures, replies, tries, stream of deliveries.
-- ARGV: an event's fields as JSON (delivery.progressed, to be completed here), '1' where nothing
-- may follow for a while, so that the sums are told now, then per outcome the number, the state's
-- name, its codes, the sealed reply and the tries ('' where there are none).
-- Gives 1 when this completed the delivery, else 0.

expect(KEYS[1], 'string')
for place = 2, 5 do expect(KEYS[place], 'hash') end
expect(KEYS[6], 'stream')

local final = { handed_over = '\2', failed = '\4', suppressed = '\5' }
local open = { ['\0'] = true, ['\1'] = true, ['\3'] = true }

for place = 3, #ARGV, 5 do
  local number, state = tonumber(ARGV[place]), ARGV[place + 1]
  if open[redis.call('GETRANGE', KEYS[1], number, number)] then
    redis.call('SETRANGE', KEYS[1], number, final[state] or '\3')
    if final[state] then
      redis.call('HINCRBY', KEYS[2], state, 1)
      redis.call('HINCRBY', KEYS[2], 'open', -1)
    end
    if state == 'failed' then
      redis.call('HSET', KEYS[3], number, ARGV[place + 2])
      redis.call('HSET', KEYS[4], number, ARGV[place + 3])
    end
    if ARGV[place + 4] ~= '' then redis.call('HSET', KEYS[5], number, ARGV[place + 4]) end
  end
end

local names = {
  'article', 'revision', 'audience', 'handed_over', 'failed', 'suppressed', 'open',
  'state', 'told_at', 'told_open',
}
local now = {}
for place, value in ipairs(redis.call('HMGET', KEYS[2], unpack(names))) do
  now[names[place]] = value
end
local clock = redis.call('TIME')
local ms = clock[1] * 1000 + math.floor(clock[2] / 1000)

local completes = now.open == '0' and now.state ~= 'complete'
local due = ARGV[2] == '1' or ms - now.told_at >= 1000
local progressed = now.open ~= now.told_open and due
if not (completes or progressed) then return 0 end

if completes then
  now.state = 'complete'
  redis.call('DEL', KEYS[5])
end
local sequence = redis.call('HINCRBY', KEYS[2], 'sequence', 1)
redis.call('HSET', KEYS[2], 'state', now.state, 'told_at', string.format('%d', ms),
  'told_open', now.open)

local fields = cjson.decode(ARGV[1])
local id = KEYS[2]:match('[^:]+$')
local kind = completes and 'delivery.completed' or 'delivery.progressed'
for place = 1, #fields, 2 do
  if fields[place] == 'type' then fields[place + 1] = kind end
  if fields[place] == 'id' then fields[place + 1] = id .. '.' .. sequence .. '.' .. kind end
  if fields[place] == 'data' then
    fields[place + 1] = string.format(
      '{"delivery":"%s","article":"%s","revision":%s,"state":"%s","audience":%s,'
        .. '"handed_over":%s,"failed":%s,"suppressed":%s,"open":%s,"sequence":%s}',
      id, now.article, now.revision, now.state, now.audience,
      now.handed_over, now.failed, now.suppressed, now.open, sequence)
  end
end
emit(KEYS[6], fields)
return completes and 1 or 0
