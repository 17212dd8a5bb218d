-- One step of an article's life, all or nothing: the article, a new revision of it, whose content it
-- is, its address, its place in the schedule and in the list of its state, the event, the entries of
-- the audit trail, and what the client's idempotency key is answered. So no reader sees a step
-- without its event and its entry, and of two people who take a step at once one is first: the other
-- decides anew on what is then there ('moved').
-- A client whose connection broke sends the script again: it finds its own call and is done.
-- KEYS: article, revisions, contents, slugs, schedule, the stream of articles, the list of the state
-- before and of the one after, the trail's entries and head, and the answer to an idempotency key
-- where there is one.
-- ARGV: the plan as JSON (see articles.py), then the trail's own.

local plan = cjson.decode(ARGV[1])
local article, revisions, contents, slugs = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local schedule, stream, before, after = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local trail_entries, trail_head, answers = KEYS[9], KEYS[10], KEYS[11]

expect(article, 'hash')
expect(revisions, 'hash')
expect(contents, 'hash')
expect(slugs, 'hash')
expect(schedule, 'zset')
expect(stream, 'stream')
expect(before, 'zset')
expect(after, 'zset')

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

if redis.call('HGET', article, 'call') == plan.call then return { 'done' } end
if (redis.call('HGET', article, 'version') or '0') ~= plan.version then return { 'moved' } end
if answers and redis.call('GET', answers) ~= plan.marker then return { 'in_flight' } end
if plan.not_before and now < tonumber(plan.not_before) then return { 'early' } end
if plan.content then
  local first = redis.call('HGET', contents, plan.content)
  if first and first ~= plan.id then return { 'same', first } end
end
if plan.slug then
  local owner = redis.call('HGET', slugs, plan.slug)
  if owner and owner ~= plan.id then return { 'moved' } end
end
if not audit_ready(trail_head, ARGV[2]) then return { 'moved' } end

audit_append(trail_entries, trail_head, ARGV[3])
if plan.event then emit(stream, plan.event) end
redis.call('HSET', article, 'version', plan.next, 'call', plan.call, 'life', plan.life)
if plan.saved then redis.call('HSET', revisions, plan.revision, plan.saved) end
if plan.dropped then redis.call('HDEL', contents, plan.dropped) end
if plan.content then redis.call('HSET', contents, plan.content, plan.id) end
if plan.slug then redis.call('HSET', slugs, plan.slug, plan.id) end
if plan.due then
  redis.call('ZADD', schedule, plan.due, plan.id)
else
  redis.call('ZREM', schedule, plan.id)
end
redis.call('ZREM', before, plan.id)
redis.call('ZADD', after, now, plan.id)
if answers then redis.call('SET', answers, plan.answer, 'EX', plan.seconds) end
return { 'done' }
