-- with: fence
-- A page is live, or withdrawn: followers' posts are planned. It runs before the delivery is
-- started and never acknowledges, so a kill between the two brings the event again, and this then
-- changes nothing. Events may come out of order: nothing is posted that is older than the last
-- post, and nothing of what was withdrawn.
--
-- key.posted hash: of the article, the revisions `posted` and `posted_withdrawn`
-- key.posts hash: post id → post
-- key.due zset: post id → when
-- arg.revision number
-- arg.withdrawn flag
-- arg.ids text...
-- arg.posts text...: in the same order, as JSON
-- arg.dues number...: in the same order, when to send it, in ms since 1970
--
-- answer planned
-- answer older: nothing follows from this revision

local function stored(field) return tonumber(redis.call('HGET', key.posted, field) or '0') end

if arg.revision <= stored('posted_withdrawn') then return { 'older' } end
-- A withdrawal of the revision that was posted last is newer than it; an older one is not.
if arg.revision > stored('posted') - (arg.withdrawn and 1 or 0) then
  for place, id in ipairs(arg.ids) do
    redis.call('HSETNX', key.posts, id, arg.posts[place])
    redis.call('ZADD', key.due, 'NX', whole(arg.dues[place]), id)
  end
  redis.call('HSET', key.posted, 'posted', arg.revision)
end
if arg.withdrawn then redis.call('HSET', key.posted, 'posted_withdrawn', arg.revision) end
return { 'planned' }
