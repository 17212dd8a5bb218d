-- with: earlier
-- A member who has left is erased: the record is gone, and whatever tells of the number but its
-- place among all who left. The address's keyed hash stays, so that no list brings them back. Of
-- those whose record is too old, two things are kept: when they left, since a later consent may
-- bring them back; and which other numbers are theirs, since an old mail's link must lead to the
-- newest.
--
-- key.record hash: the member's bucket
-- key.left hash: the same bucket, among those who left
-- key.left_at hash: the same
-- arg.field text: in the buckets
-- arg.number text: the member's
-- arg.is_expired flag: the record is too old, and nobody asked to be erased
--
-- answer done
-- answer member: they have not left

if redis.call('HEXISTS', key.left, arg.field) == 0 then return { 'member' } end
if not arg.is_expired then
  redis.call('HDEL', key.left_at, arg.field)
  forget_earlier(arg.number)
end
redis.call('HDEL', key.record, arg.field)
return { 'done' }
