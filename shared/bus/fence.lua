-- What a script that settles a stream entry may use. KEYS[1] is the stream; ARGV[1..3] are the
-- group, the entry's id and the consumer. Of two workers that hold the same entry only the first
-- gets past this point: the other finds it acknowledged. The acknowledgement comes last, so a
-- script that fails half-way leaves the entry pending.

local fence = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)
if #fence == 0 then return 'gone' end

-- Is the entry still this consumer's? A worker that was slow may have lost it to another.
local function owned() return fence[1][2] == ARGV[3] end

-- Call last.
local function acknowledge() return redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) end
