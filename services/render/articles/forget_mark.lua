-- Forgets a mark of what was to be written, unless it was set again since it was read.
--
-- key.to_write zset
-- arg.mark text
-- arg.number number: its own when it was read
--
-- answer done

if tonumber(redis.call('ZSCORE', key.to_write, arg.mark) or '') == arg.number then
  redis.call('ZREM', key.to_write, arg.mark)
end
return { 'done' }
