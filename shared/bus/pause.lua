-- The surroundings are not ready: bring the entry again after a pause. No attempt is counted, and
-- the delivery count is set back, so that a relay that is down for a day looks like no crash loop.
-- ARGV from 4: idle time to set (ms).

if not owned() then return 0 end
redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, ARGV[2],
  'IDLE', ARGV[4], 'RETRYCOUNT', 1, 'JUSTID')
return 1
