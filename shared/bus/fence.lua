-- What a script that settles a stream entry stands on. Of two workers that hold the same entry only
-- the first gets past this point: the other finds it acknowledged. The acknowledgement comes last,
-- so a script that fails half-way leaves the entry pending.
--
-- key.stream stream
-- arg.group text: the group that reads it
-- arg.entry text: the entry's id
-- arg.consumer text: the caller's name in the group
--
-- answer gone: another worker settled the entry; nothing was done

local fence = redis.call('XPENDING', key.stream, arg.group, arg.entry, arg.entry, 1)
if #fence == 0 then return { 'gone' } end

-- Is the entry still this consumer's? A worker that was slow may have lost it to another.
local function owned() return fence[1][2] == arg.consumer end

-- Call last.
local function acknowledge() return redis.call('XACK', key.stream, arg.group, arg.entry) end
