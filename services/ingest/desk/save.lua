-- A working copy is saved by somebody who has seen the version before it. If another's text is
-- there by now, it stays, and what was typed is laid aside for whoever typed it: nothing is
-- overwritten, and nothing lost. Whoever sends the same again, as after a lost answer, finds it
-- saved.
--
-- key.copy hash: version, fields, writers, by, at, base, sitting
-- key.aside hash: sitting → what was typed there and not taken
-- key.copies zset: all working copies by the time of their last save, in ms
-- arg.id text: the article's
-- arg.seen number: the version that was seen, 0 for none
-- arg.person text: the id of the person who typed it
-- arg.name text: of that person
-- arg.sitting text: of this form in this browser
-- arg.fields text: JSON
-- arg.marks text: of the fields as they were seen; see differences.py
-- arg.base number: the revision that the text began from, 0 for none
--
-- answer saved copy: its fields and values
-- answer conflict copy: another's; nothing if it is gone

local now = now_ms()
local version = tonumber(redis.call('HGET', key.copy, 'version') or '0')

if version > 0 and redis.call('HGET', key.copy, 'fields') == arg.fields then
  redis.call('HDEL', key.aside, arg.sitting)
  return { 'saved', redis.call('HGETALL', key.copy) }
end

if version ~= arg.seen then
  local typed = {
    by = arg.person, name = arg.name, at = now, marks = arg.marks, base = arg.base,
    fields = arg.fields,
  }
  redis.call('HSET', key.aside, arg.sitting, cjson.encode(typed))
  return { 'conflict', redis.call('HGETALL', key.copy) }
end

-- Never a number that was given before, also if the copy was gone in between.
local number = math.max(version + 1, now)
local writers = cjson.decode(redis.call('HGET', key.copy, 'writers') or '[]')
local known = false
for _, one in ipairs(writers) do known = known or one.id == arg.person end
if not known then writers[#writers + 1] = { id = arg.person, name = arg.name } end
redis.call('HDEL', key.aside, arg.sitting)
redis.call('HSET', key.copy, 'version', whole(number), 'fields', arg.fields,
  'writers', cjson.encode(writers), 'by', arg.person, 'at', whole(now), 'base', whole(arg.base))
redis.call('ZADD', key.copies, now, arg.id)
return { 'saved', redis.call('HGETALL', key.copy) }
