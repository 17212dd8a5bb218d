-- with: earlier, outbox/accept_letter
-- A member gets another address: their record, and the index of the new address. The old address
-- stays in the index, as one that is not theirs any more (a minus before the number). The letter
-- that tells the old address is accepted here: it goes if and only if the address is another now.
--
-- key.record hash: the member's bucket
-- key.left hash: the same bucket, among those who left
-- key.index hash: the new address's bucket
-- key.index_before hash: the old one's
-- key.left_other hash: the bucket, among those who left, of the number that the new address has
-- key.letter hash?
-- key.queue zset?: letters that wait for a sender, by when they are due
-- key.whose zset...: see outbox/accept_letter.lua
-- arg.number text: the member's
-- arg.field text: in the bucket
-- arg.before text: the sealed record that was read
-- arg.after text: the sealed record to be
-- arg.rest text: the field in the index
-- arg.rest_before text
-- arg.other text: what the caller saw in the index of the new address, or ''
-- arg.other_field text: its number's field in its bucket; '' if it may be taken
-- arg.earlier text: the member's earlier numbers after this, or ''
-- arg.letter_id text
-- arg.letter_sealed text: what was asked
-- arg.letter_life_ms number: for how long it is tried
--
-- answer done
-- answer changed: the record, the index or the member is not as the caller saw it
-- answer taken: another member has the new address

if redis.call('HGET', key.record, arg.field) ~= arg.before then return { 'changed' } end
if redis.call('HEXISTS', key.left, arg.field) == 1 then return { 'changed' } end
if (redis.call('HGET', key.index, arg.rest) or '') ~= arg.other then return { 'changed' } end
if arg.other_field ~= '' and redis.call('HEXISTS', key.left_other, arg.other_field) == 0 then
  return { 'taken' }
end
redis.call('HSET', key.record, arg.field, arg.after)
redis.call('HSET', key.index_before, arg.rest_before, '-' .. arg.number)
redis.call('HSET', key.index, arg.rest, arg.number)
if arg.earlier ~= '' then note_earlier(arg.number, arg.earlier) end
if key.letter then
  accept_letter(key.letter, key.queue, key.whose, arg.letter_id, arg.letter_sealed, arg.letter_life_ms)
end
return { 'done' }
