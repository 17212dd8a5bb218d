-- with: place
-- An alert stands in the lists of the subjects that it is about. What was found of a revision or of
-- a list of subjects that is no longer the newest places nothing.
--
-- arg.revision number
-- arg.version number: of the list of subjects
-- arg.lists text...: of the subjects that it is about
--
-- answer placed
-- answer older

local stored = redis.call('HMGET', key.article, 'revision', 'order', 'subjects_of')
local found_of = tonumber(stored[3] or '0')
if tonumber(stored[1] or '') ~= arg.revision or found_of > arg.version then return { 'older' } end
expect_lists(arg.lists)
if place('subjects', arg.lists, stored[2], stored[2]) then
  for _, name in ipairs(arg.lists) do mark('list ' .. name) end
  mark('page ' .. arg.id) -- its related articles are others now
end
redis.call('HSET', key.article, 'subjects_of', arg.version)
return { 'placed' }
