-- with: accept_letter
-- Before a ticket does what it is for, a letter that tells of it is accepted. Where doing it fails and
-- is tried again, the letter is not sent again.
--
-- key.ticket hash
-- key.letter hash
-- key.queue zset: letters that wait for a sender, by when they are due
-- arg.id text: the letter's
-- arg.sealed text: what was asked
-- arg.life_ms number: for how long it is tried
--
-- answer done

-- Who used the ticket up meanwhile leaves nothing behind.
local is_there = redis.call('EXISTS', key.ticket) == 1
if is_there and redis.call('HSETNX', key.ticket, 'told', 1) == 0 then return { 'done' } end
accept_letter(key.letter, key.queue, arg.id, arg.sealed, arg.life_ms)
return { 'done' }
