-- An address leads nowhere any more, if it leads to the number that the caller saw: whoever had it
-- came back, and what was known of them since is lost.
--
-- key.index hash: the address's bucket
-- arg.rest text: the field in it
-- arg.number text
--
-- answer done

if redis.call('HGET', key.index, arg.rest) == arg.number then
  redis.call('HDEL', key.index, arg.rest)
end
return { 'done' }
