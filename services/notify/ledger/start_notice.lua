-- with: fence, states, begin
-- A notice to members was approved: it gets its delivery, once. Its content is kept like an
-- alert's. To all: every number given so far, also of those who have left, since their address is
-- kept still; a member who was erased has no record, and is suppressed by whoever comes to mail
-- them. A person with several numbers gets one mail, by the newest.
--
-- key.article hash: revision and content of the notice
-- key.last string: the last member's number given
-- key.later hash: number → the one after it, of members who left and came back
-- arg.article text: the notice's id
-- arg.content text: the notice as JSON
-- arg.page_at text: when it was approved
-- arg.started text: now
-- arg.to_all flag
-- arg.members text: the numbers if it is not for all, joined by commas
-- arg.held text: what holds the delivery from its start, or ''
--
-- answer started audience
-- answer again: it has its delivery

if redis.call('EXISTS', key.delivery) == 1 then
  acknowledge()
  return { 'again' }
end
local last = tonumber(redis.call('GET', key.last) or '0')

local function newest_of(number)
  local later = redis.call('HGET', key.later, number)
  while later do
    number = later
    later = redis.call('HGET', key.later, number)
  end
  return tonumber(number)
end

-- Lay out the ledger; gives the audience.
local function lay_out()
  if arg.to_all then
    redis.call('SETRANGE', key.ledger, last, Byte.planned)
    local older = redis.call('HKEYS', key.later)
    for _, number in ipairs(older) do
      redis.call('SETRANGE', key.ledger, number, Byte.outside)
    end
    return last - #older
  end
  redis.call('SET', key.ledger, string.rep(Byte.outside, last + 1))
  local count, taken = 0, {}
  for word in arg.members:gmatch('%d+') do
    local number = newest_of(tonumber(word))
    if number <= last and not taken[number] then
      redis.call('SETRANGE', key.ledger, number, Byte.planned)
      count, taken[number] = count + 1, true
    end
  end
  return count
end

local audience = lay_out()
local held = audience > 0 and arg.held or ''
local state = audience == 0 and 'complete' or held ~= '' and 'paused' or 'sending'
redis.call('HSET', key.article, 'revision', 1, 'content', arg.content)
-- No leaving was before this cut: those who have left are in it.
redis.call('HSET', key.delivery,
  'article', arg.article, 'revision', 1, 'kind', 'notice', 'mode', 'actual', 'before', '',
  'page_at', arg.page_at, 'started', arg.started, 'state', state,
  'audience', audience, 'open', audience, 'handed_over', 0, 'failed', 0, 'suppressed', 0,
  'last', last, 'leaves', 0, 'sequence', 0, 'held', held, 'cause', held)
begin(state, audience, last)
acknowledge()
return { 'started', audience }
