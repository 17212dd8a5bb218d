-- with: audit/audit, telling/telling
-- One step of an article's life, all or nothing: the article, its new revision, its places in lists
-- and schedule, what it is found and recognised by, the event, the audit entries, what staff may
-- have to be told, and the answer to the client's idempotency key. So no reader sees a step without
-- its event and its entry. Of two people who take a step at once one is first: the other decides
-- anew on what is then there. A client whose connection broke sends the script again: it finds its
-- own call and is done.
--
-- key.article hash
-- key.revisions hash
-- key.contents hash: which article has this content
-- key.slugs hash: which article has this address
-- key.moved hash: which article was there on a site that it was moved from
-- key.schedule zset
-- key.alike zset: what live articles are recognised by
-- key.live hash: what a warning says of each live article
-- key.titles hash: what each article is found by
-- key.stream stream: of articles
-- key.before zset: the list of the state before
-- key.after zset: the list of the state after
-- key.answer string?: to the idempotency key, if there is one
-- arg.plan json: see store.py
-- arg.saved text...: the new revision, if there is one
-- arg.event text...: the names and values of what is told, if anything is
--
-- answer done
-- answer moved: somebody else was first
-- answer in_flight: the idempotency key is another request's by now
-- answer early: it is not due yet
-- answer there article: this article was there on the old site, and is moved already
-- answer same article: this content is already that of an article

local plan, now = arg.plan, now_ms()

if redis.call('HGET', key.article, 'call') == plan.call then return { 'done' } end
if (redis.call('HGET', key.article, 'version') or '0') ~= plan.version then return { 'moved' } end
if key.answer and redis.call('GET', key.answer) ~= plan.marker then return { 'in_flight' } end
if plan.not_before and now < tonumber(plan.not_before) then return { 'early' } end
for _, path in ipairs(plan.moved_from or {}) do
  local owner = redis.call('HGET', key.moved, path)
  if owner and owner ~= plan.id then return { 'there', owner } end
end
if plan.content then
  local first = redis.call('HGET', key.contents, plan.content)
  if first and first ~= plan.id then return { 'same', first } end
end
if plan.slug then
  local owner = redis.call('HGET', key.slugs, plan.slug)
  if owner and owner ~= plan.id then return { 'moved' } end
end
if not audit_ready() then return { 'moved' } end

audit_append()
keep_tellings()
if #arg.event > 0 then emit(key.stream, arg.event) end
redis.call('HSET', key.article, 'version', plan.next, 'call', plan.call, 'life', plan.life)
if arg.saved[1] then redis.call('HSET', key.revisions, plan.revision, arg.saved[1]) end
if plan.dropped then redis.call('HDEL', key.contents, plan.dropped) end
if plan.content then redis.call('HSET', key.contents, plan.content, plan.id) end
if plan.slug then redis.call('HSET', key.slugs, plan.slug, plan.id) end
for _, path in ipairs(plan.moved_from or {}) do redis.call('HSET', key.moved, path, plan.id) end
if plan.due then
  redis.call('ZADD', key.schedule, plan.due, plan.id)
else
  redis.call('ZREM', key.schedule, plan.id)
end
for _, entry in ipairs(plan.unlisted) do redis.call('ZREM', key.alike, entry) end
for _, entry in ipairs(plan.listed) do redis.call('ZADD', key.alike, 0, entry) end
if plan.live then
  redis.call('HSET', key.live, plan.id, plan.live)
else
  redis.call('HDEL', key.live, plan.id)
end
redis.call('HSET', key.titles, plan.id, plan.title)
redis.call('ZREM', key.before, plan.id)
redis.call('ZADD', key.after, plan.listed_at or now, plan.id)
if key.answer then redis.call('SET', key.answer, plan.answer, 'EX', plan.seconds) end
return { 'done' }
