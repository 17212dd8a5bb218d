-- A delivery is complete: the receipt and the audit trail are told in one step with the
-- acknowledgement, so however often the event comes, the trail has it once. A newer status that says
-- the same as the one before is no news for the trail.
-- KEYS: stream, the article's receipt, entries of the audit trail, its head.
-- ARGV from 4: field of the delivery's sequence, sequence, field of its status, status, then the
-- trail's head that was read and the entries.
-- Gives 'done', 'older' where this status or a newer one was noted before, or 'moved' where the
-- trail has gone on meanwhile: then nothing is done.

expect(KEYS[2], 'hash')
local noted = tonumber(redis.call('HGET', KEYS[2], ARGV[4]) or '')
if noted and noted >= tonumber(ARGV[5]) then
  acknowledge()
  return 'older'
end
local function facts(status) return (string.gsub(status, '"sequence":%d+', '')) end
local before = redis.call('HGET', KEYS[2], ARGV[6])
if before and facts(before) == facts(ARGV[7]) then
  redis.call('HSET', KEYS[2], ARGV[4], ARGV[5], ARGV[6], ARGV[7])
  acknowledge()
  return 'done'
end
if not audit_ready(KEYS[4], ARGV[8]) then return 'moved' end
audit_append(KEYS[3], KEYS[4], ARGV[9])
redis.call('HSET', KEYS[2], ARGV[4], ARGV[5], ARGV[6], ARGV[7])
acknowledge()
return 'done'
