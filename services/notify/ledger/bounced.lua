-- with: states, tell
-- Mails of a delivery came back after the relay had taken them. It stays true that they were handed
-- over, and that is never taken back: whoever told us may be wrong, and a correction is still owed
-- (promise G9). Each member counts once, whatever comes again. The sums are told if they changed.
--
-- key.ledger string
-- key.delivery hash
-- key.bounces hash: number → the code
-- key.events stream: of deliveries
-- arg.event text: JSON of a delivery event's fields, completed here
-- arg.numbers number...: the members'
-- arg.codes text...: with which each came back, as 5.1.1
--
-- answer done count: so many members who were not known to be

local count = 0
for place, number in ipairs(arg.numbers) do
  local is_new, is_handed_over = bounce(key.ledger, number)
  if is_new then
    redis.call('HSET', key.bounces, number, arg.codes[place])
    count = count + 1
    if is_handed_over then
      redis.call('HINCRBY', key.delivery, 'bounced', 1)
      count_cause(key.delivery, 'bounced', arg.codes[place], 1)
    end
  end
end
keep_states(key.ledger)
if count > 0 then tell(key.delivery, key.events, arg.event, 'delivery.progressed') end
return { 'done', count }
