-- A day of the audit trail is sealed: the event and that it was told, in one step, so that each day
-- is told once and none is passed over, however many processes look.
-- KEYS: the last sealed day, stream of articles. ARGV: the day that was read ('' for none), the day,
-- the event.
-- Gives 1, or 0 where another one was faster.

expect(KEYS[2], 'stream')
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
emit(KEYS[2], ARGV[3])
redis.call('SET', KEYS[1], ARGV[2])
return 1
