-- How many persons of the staff have an address, and whether a webhook is told in their place, if
-- that is another than was told last.
--
-- key.addresses hash: person → address, sealed
-- key.told string: what was told last
-- key.events stream: of deliveries
-- arg.webhook flag
-- arg.event text: JSON of a staff.reach_counted event's fields, completed here
--
-- answer told
-- answer same

local reach = string.format(
  '{"addresses":%d,"webhook":%s}', redis.call('HLEN', key.addresses), tostring(arg.webhook))
if redis.call('GET', key.told) == reach then return { 'same' } end
emit(key.events, filled(arg.event, { data = reach }))
redis.call('SET', key.told, reach)
return { 'told' }
