-- with: choices/gone, outbox/accept_letter
-- A member has one more passkey, unless they left or were erased meanwhile, and a letter tells
-- them.
--
-- key.passkeys hash
-- key.letter hash
-- key.queue zset: letters that wait for a sender, by when they are due
-- key.whose zset...: see outbox/accept_letter.lua
-- arg.number number
-- arg.id text: keyed hash of the credential's id
-- arg.record text: sealed
-- arg.most number: how many one may have
-- arg.letter_id text
-- arg.letter_sealed text: what was asked
-- arg.letter_life_ms number: for how long it is tried
--
-- answer done
-- answer gone: nothing was written
-- answer many: nor was it

if is_gone(arg.number) then return { 'gone' } end
local there = redis.call('HEXISTS', key.passkeys, arg.id) == 1
if not there and redis.call('HLEN', key.passkeys) >= arg.most then return { 'many' } end
redis.call('HSET', key.passkeys, arg.id, arg.record)
accept_letter(key.letter, key.queue, key.whose, arg.letter_id, arg.letter_sealed, arg.letter_life_ms)
return { 'done' }
