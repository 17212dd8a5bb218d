-- How many members a correction or withdrawal would be owed to now (see owed_after.lua).
-- KEYS: the alert's delivery, its ledger. ARGV: 'correction' or 'withdrawal'.

expect(KEYS[1], 'hash')
expect(KEYS[2], 'string')
local delivery = read_delivery(KEYS[1])
local keeps_open = ARGV[1] == 'correction' and delivery.held ~= 'cancelled'
local _, audience =
  owed_after(redis.call('GET', KEYS[2]) or '', tonumber(delivery.open), keeps_open)
return audience
