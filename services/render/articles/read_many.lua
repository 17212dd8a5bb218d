-- Many reads in one answer: a client takes longer over each answer than Redis over what it reads.
--
-- key.read any...: what is read, one key for each of `reads`
-- arg.reads json: of each key the command that reads it, and the arguments behind the key
--
-- answer done replies

local replies = {}
for place, read in ipairs(arg.reads) do
  replies[place] = redis.call(read[1], key.read[place], unpack(read, 2))
end
return { 'done', replies }
