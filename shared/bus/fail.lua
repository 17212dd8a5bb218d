-- A handler failed on an event: count the attempt; bring the event again after a growing pause, or
-- give it up as a dead letter. Attempts are counted here and not by Redis's delivery count, which
-- also grows when a process dies. A consumer that has lost the entry counts nothing.
-- KEYS: stream, hash of attempts, stream of dead letters (the stream itself: none is kept).
-- ARGV from 4: attempts allowed, first pause, the reapers' idle time (both ms), cause, time.

if not owned() then return { 'lost', 0 } end
expect(KEYS[2], 'hash')
expect(KEYS[3], 'stream')
local attempts = redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
if attempts < tonumber(ARGV[4]) then
  local idle = tonumber(ARGV[6])
  local pause = math.min(tonumber(ARGV[5]) * 2 ^ (attempts - 1), idle)
  redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[2],
    'IDLE', string.format('%d', idle - pause), 'RETRYCOUNT', 1, 'JUSTID')
  return { 'again', attempts }
end
local entry = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])[1]
if entry and KEYS[3] ~= KEYS[1] then
  local fields = entry[2]
  for _, extra in ipairs({
    'dead_stream', KEYS[1], 'dead_group', ARGV[1], 'dead_entry', ARGV[2],
    'dead_cause', ARGV[7], 'dead_attempts', attempts, 'dead_at', ARGV[8],
  }) do fields[#fields + 1] = extra end
  redis.call('XADD', KEYS[3], '*', unpack(fields))
end
redis.call('HDEL', KEYS[2], ARGV[2])
acknowledge()
return { 'dead', attempts }
