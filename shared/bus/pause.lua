-- with: fence
-- The surroundings are not ready: bring the entry again after a pause. No attempt is counted, and
-- the delivery count is set back, so that a relay that is down for a day looks like no crash loop.
--
-- arg.idle number: ms that the entry is to look idle for, so that it comes again in time
--
-- answer lost: the entry is another consumer's now
-- answer paused

if not owned() then return { 'lost' } end
redis.call('XCLAIM', key.stream, arg.group, arg.consumer, 0, arg.entry,
  'IDLE', whole(arg.idle), 'RETRYCOUNT', 1, 'JUSTID')
return { 'paused' }
