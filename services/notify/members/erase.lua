-- A member who has left is erased: the record is gone, and whatever tells of the number but its
-- place among all who left. The address's keyed hash stays, so that no list brings them back. When
-- they left is kept of those whose record is too old, since a later consent may bring them back.
--
-- key.record hash: the member's bucket
-- key.left hash: the same bucket, among those who left
-- key.left_at hash: the same
-- key.earlier hash
-- key.later hash
-- arg.field text: in the buckets
-- arg.number text: the member's
-- arg.keeps_time flag
--
-- answer done
-- answer member: they have not left

if redis.call('HEXISTS', key.left, arg.field) == 0 then return { 'member' } end
if not arg.keeps_time then redis.call('HDEL', key.left_at, arg.field) end
redis.call('HDEL', key.earlier, arg.number)
redis.call('HDEL', key.later, arg.number)
redis.call('HDEL', key.record, arg.field)
return { 'done' }
