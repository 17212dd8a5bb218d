-- A submission in one step, all or nothing: what the client's key was answered, whose content it
-- is, its address, the article and its event. No reader sees an article without its event, no two
-- articles get one address, and of two posts of the same content one is first.
-- A client whose connection broke sends the script again: it finds its own article and is done.
-- The slug is decided here, and taken by what is published, so every text that holds it comes with a placeholder for it.
-- KEYS: article, contents, slugs, the stream of articles, and the answer to an idempotency key
-- where there is one.
-- ARGV: id, wanted slug, placeholder, content, event ('' for none), the marker that holds the
-- idempotency key, the answer to keep, seconds to keep it, then the article's fields and values.

local article, contents, slugs, stream, answers = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, wanted, placeholder, content = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local event, marker, answer, seconds = ARGV[5], ARGV[6], ARGV[7], ARGV[8]

expect(article, 'hash')
expect(contents, 'hash')
expect(slugs, 'hash')
expect(stream, 'stream')

local earlier = redis.call('HGET', article, 'slug')
if earlier then return { 'done', earlier } end
if answers and redis.call('GET', answers) ~= marker then return { 'in_flight' } end
local first = redis.call('HGET', contents, content)
if first then return { 'same', first } end

local slug, number = wanted, 1
while redis.call('HEXISTS', slugs, slug) == 1 do
  number = number + 1
  slug = wanted .. '-' .. number
end

if event ~= '' then emit(stream, (event:gsub(placeholder, slug))) end
redis.call('HSET', article, 'slug', slug, unpack(ARGV, 9))
redis.call('HSET', contents, content, id)
if event ~= '' then redis.call('HSET', slugs, slug, id) end
if answers then redis.call('SET', answers, (answer:gsub(placeholder, slug)), 'EX', seconds) end
return { 'done', slug }
