-- with: outbox/accept_letter
-- A passkey of a member lets nobody in any more, and a letter tells them.
--
-- key.passkeys hash
-- key.letter hash
-- key.queue zset: letters that wait for a sender, by when they are due
-- key.whose zset...: see outbox/accept_letter.lua
-- arg.id text: keyed hash of the credential's id
-- arg.letter_id text
-- arg.letter_sealed text: what was asked
-- arg.letter_life_ms number: for how long it is tried
--
-- answer done

if redis.call('HDEL', key.passkeys, arg.id) == 1 then
  accept_letter(key.letter, key.queue, key.whose, arg.letter_id, arg.letter_sealed, arg.letter_life_ms)
end
return { 'done' }
