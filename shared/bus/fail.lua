-- with: fence
-- A handler failed on an event: count the attempt; bring the event again after a growing pause, or
-- give it up as a dead letter. Attempts are counted here and not by Redis's delivery count, which
-- also grows when a process dies. A consumer that has lost the entry counts nothing.
--
-- key.attempts hash: entry id → attempts behind it
-- key.dead stream: where dead letters go; the entry's own stream if none is kept
-- arg.allowed number: attempts
-- arg.pause number: ms until the second attempt
-- arg.idle number: ms after which a reaper takes an entry over
-- arg.cause text
-- arg.time text
--
-- answer lost: the entry is another consumer's now
-- answer again attempts
-- answer dead attempts

if not owned() then return { 'lost' } end
local attempts = redis.call('HINCRBY', key.attempts, arg.entry, 1)
if attempts < arg.allowed then
  local pause = math.min(arg.pause * 2 ^ (attempts - 1), arg.idle)
  redis.call('XCLAIM', key.stream, arg.group, arg.consumer, 0, arg.entry,
    'IDLE', whole(arg.idle - pause), 'RETRYCOUNT', 1, 'JUSTID')
  return { 'again', attempts }
end
local entry = redis.call('XRANGE', key.stream, arg.entry, arg.entry)[1]
if entry and key.dead ~= key.stream then
  local fields = entry[2]
  for _, extra in ipairs({
    'dead_stream', key.stream, 'dead_group', arg.group, 'dead_entry', arg.entry,
    'dead_cause', arg.cause, 'dead_attempts', attempts, 'dead_at', arg.time,
  }) do fields[#fields + 1] = extra end
  emit(key.dead, fields)
end
redis.call('HDEL', key.attempts, arg.entry)
acknowledge()
return { 'dead', attempts }
