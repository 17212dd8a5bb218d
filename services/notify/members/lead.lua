-- An address leads to another number, or nowhere any more, if it leads to the one that the caller
-- saw: what was known of the member who has it now is lost.
--
-- key.index hash: the address's bucket
-- arg.rest text: the field in it
-- arg.number text
-- arg.becomes text: the other number, or ''
--
-- answer done

if redis.call('HGET', key.index, arg.rest) ~= arg.number then return { 'done' } end
if arg.becomes == '' then
  redis.call('HDEL', key.index, arg.rest)
else
  redis.call('HSET', key.index, arg.rest, arg.becomes)
end
return { 'done' }
