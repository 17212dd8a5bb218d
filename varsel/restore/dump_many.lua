-- Many keys as DUMP gives them, and how long each has to live, in one answer: a client takes longer
-- over each answer than Redis over what it reads.
--
-- key.keys any...: the keys
--
-- answer done records: per key its record, nil if it is gone, and its milliseconds, as PTTL has them

local records = {}
for place, name in ipairs(key.keys) do
  records[2 * place - 1] = redis.call('DUMP', name)
  records[2 * place] = redis.call('PTTL', name)
end
return { 'done', records }
