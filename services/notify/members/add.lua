-- New members get the numbers after the last one. Their records are sealed with the number before
-- this runs, so it takes effect only if nobody else took those numbers meanwhile.
-- KEYS: notify:last, notify:staff, then per member the bucket of the record and the bucket of the
-- index.
-- ARGV: the last number that the caller saw, '1' where they are staff, then per member the field and
-- the sealed record, and the field in the index.
-- Gives 1 when they are members, 0 when the caller must look again.

local last = tonumber(redis.call('GET', KEYS[1]) or '0')
if last ~= tonumber(ARGV[1]) then return 0 end

expect(KEYS[1], 'string')
expect(KEYS[2], 'set')
for place = 3, #KEYS do expect(KEYS[place], 'hash') end

local count = (#KEYS - 2) / 2
for member = 1, count do
  local key, arg = 2 * member + 1, 3 * member
  redis.call('HSET', KEYS[key], ARGV[arg], ARGV[arg + 1])
  redis.call('HSET', KEYS[key + 1], ARGV[arg + 2], last + member)
  if ARGV[2] == '1' then redis.call('SADD', KEYS[2], last + member) end
end
redis.call('SET', KEYS[1], last + count)
return 1
