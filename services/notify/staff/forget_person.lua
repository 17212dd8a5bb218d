-- with: fence
-- A person is of the staff no more: their address goes, and every link that would give another. A
-- mark stays, so that a link that is heard of late is not kept.
--
-- key.links hash: hash of a link's token → the person and until when (ms); person → 'gone'
-- key.addresses hash
-- arg.person text
--
-- answer forgotten

for _, token in ipairs(redis.call('HKEYS', key.links)) do
  local person = redis.call('HGET', key.links, token):match('^%w+')
  if person == arg.person then redis.call('HDEL', key.links, token) end
end
redis.call('HSET', key.links, arg.person, 'gone')
redis.call('HDEL', key.addresses, arg.person)
acknowledge()
return { 'forgotten' }
