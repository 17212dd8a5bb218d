-- A working copy goes, because it is a revision now or nobody wants it: only the version that was
-- seen, so that what somebody saved meanwhile stays.
--
-- key.copy hash
-- key.copies zset
-- arg.id text: the article's
-- arg.version number: the one that was seen
-- arg.base number: the revision that was made of it, 0 if none was
--
-- answer removed: also if it was gone already
-- answer newer: somebody saved meanwhile; their text now begins from that revision

local version = tonumber(redis.call('HGET', key.copy, 'version') or '0')
if version ~= 0 and version ~= arg.version then
  if arg.base > 0 then redis.call('HSET', key.copy, 'base', whole(arg.base)) end
  return { 'newer' }
end
redis.call('DEL', key.copy)
redis.call('ZREM', key.copies, arg.id)
return { 'removed' }
