-- A request changed nothing: its answer is kept. Only while the marker is still this request's;
-- after its expiry the key may be another's, or answered.
--
-- key.record string: the answer to the idempotency key
-- arg.marker text
-- arg.answer text
-- arg.seconds number: how long the answer is kept
--
-- answer done

if redis.call('GET', key.record) == arg.marker then
  redis.call('SET', key.record, arg.answer, 'EX', arg.seconds)
end
return { 'done' }
