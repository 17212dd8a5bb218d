-- The other files of a page's pictures are on disk: what there is is kept and told, and the asking
-- ends, in one step. If a newer page asks by now, its asking stays. Told twice, it is the same.
--
-- key.to_scale hash: article → what is asked for, as JSON
-- key.sizes hash: picture's name → what there is beside its file, as JSON
-- key.stream stream: of articles
-- arg.article text
-- arg.asked text: what was read
-- arg.event text: JSON of its fields
-- arg.sizes text...: by two: a picture's name, what there is
--
-- answer done

emit(key.stream, arg.event)
for place = 1, #arg.sizes, 2 do
  redis.call('HSET', key.sizes, arg.sizes[place], arg.sizes[place + 1])
end
if redis.call('HGET', key.to_scale, arg.article) == arg.asked then
  redis.call('HDEL', key.to_scale, arg.article)
end
return { 'done' }
