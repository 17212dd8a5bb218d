-- with: states, owed_after, tell
-- How many members a correction or withdrawal would be owed to now.
--
-- key.delivery hash: the alert's newest
-- key.ledger string: that one's
-- arg.kind text: correction or withdrawal
--
-- answer done audience

local delivery = read_delivery(key.delivery)
local keeps_open = arg.kind == 'correction' and delivery.held ~= 'cancelled'
local _, audience =
  owed_after(redis.call('GET', key.ledger) or '', tonumber(delivery.open), keeps_open)
return { 'done', audience }
