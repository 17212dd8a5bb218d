-- A picture that was taken in is made, or cannot be: it is known, or why not is kept. If somebody
-- has uploaded it again meanwhile, that upload waits still.
--
-- key.to_make hash: picture's name → what was taken in, as JSON
-- key.pictures hash: picture's name → the picture, as JSON
-- key.refused string: why it cannot be made
-- arg.name text
-- arg.taken text: what was read
-- arg.picture text
-- arg.refused text: '' if it is made
-- arg.seconds number: how long to keep why not
--
-- answer done

if redis.call('HGET', key.to_make, arg.name) ~= arg.taken then return { 'done' } end
redis.call('HDEL', key.to_make, arg.name)
if arg.refused == '' then
  redis.call('HSET', key.pictures, arg.name, arg.picture)
  redis.call('DEL', key.refused)
else
  redis.call('SET', key.refused, arg.refused, 'EX', arg.seconds)
end
return { 'done' }
