-- Who got what of a delivery is dropped once it is complete; its sums stay. In one step, since who
-- failed may be tried again meanwhile.
-- KEYS: delivery, ledger, failures, replies, tries, put-off chunks.

expect(KEYS[1], 'hash')
if redis.call('HGET', KEYS[1], 'state') == 'complete' then
  redis.call('UNLINK', unpack(KEYS, 2))
end
