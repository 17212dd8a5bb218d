-- with: fence, outbox/accept_letter
-- People of the staff are to be told: their letters are accepted, and the post that is made where
-- one has no address, in one step with the acknowledgement. So each hears once, whichever process
-- dies.
--
-- key.letters hash...: in the order of arg.ids
-- key.queue zset: letters that wait
-- key.posts hash: post id → post
-- key.posts_due zset: post id → when
-- arg.ids text...: of the letters
-- arg.sealed text...
-- arg.life_ms number: for how long a letter is tried
-- arg.post_id text: '' if there is no post
-- arg.post text: as JSON
--
-- answer told

for place, letter in ipairs(key.letters) do
  accept_letter(letter, key.queue, {}, arg.ids[place], arg.sealed[place], arg.life_ms)
end
if arg.post_id ~= '' then
  redis.call('HSETNX', key.posts, arg.post_id, arg.post)
  redis.call('ZADD', key.posts_due, 'NX', whole(now_ms()), arg.post_id)
end
acknowledge()
return { 'told' }
