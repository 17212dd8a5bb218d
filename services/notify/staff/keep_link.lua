-- with: fence
-- A person has got a link to give their address by. Links whose time is over go, this one too if it
-- comes late. A person who is of the staff no more gets none: two read these events side by side,
-- so the word that somebody has gone may come first.
--
-- key.links hash: hash of the link's token → the person and until when (ms); person → 'gone'
-- arg.token text: its hash
-- arg.person text
-- arg.until_ms number
--
-- answer kept
-- answer refused: the person is of the staff no more

if redis.call('HEXISTS', key.links, arg.person) == 1 then
  acknowledge()
  return { 'refused' }
end
redis.call('HSET', key.links, arg.token, arg.person .. ' ' .. whole(arg.until_ms))
for _, token in ipairs(redis.call('HKEYS', key.links)) do
  local until_ms = redis.call('HGET', key.links, token):match(' (%d+)$')
  if until_ms and tonumber(until_ms) <= now_ms() then redis.call('HDEL', key.links, token) end
end
acknowledge()
return { 'kept' }
