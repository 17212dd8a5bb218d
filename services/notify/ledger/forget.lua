-- What each member got of a delivery is dropped once it is complete; its sums stay. In one step,
-- since members whom it failed to reach may be tried again meanwhile.
--
-- key.delivery hash
-- key.ledger string
-- key.failures hash
-- key.replies hash
-- key.bounces hash
-- key.tries hash
-- key.put_off hash
--
-- answer done

if redis.call('HGET', key.delivery, 'state') == 'complete' then
  redis.call('UNLINK', key.ledger, key.failures, key.replies, key.bounces, key.tries, key.put_off)
end
return { 'done' }
