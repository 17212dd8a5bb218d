-- What many addresses lead to, in one call: a pipeline of as many costs the caller ten times this.
--
-- key.indexes hash...: per address its bucket of the index
-- arg.rests text...: per address the field in it
--
-- answer done numbers…: per address the number; '' if there is none

local found = { 'done' }
for place, index in ipairs(key.indexes) do
  found[place + 1] = redis.call('HGET', index, arg.rests[place]) or ''
end
return found
