-- A worker gives its chunk back. A lease that has run out and is another's by now stays.
--
-- key.lease string
-- arg.owner text: the caller's name on it
--
-- answer done

if redis.call('GET', key.lease) == arg.owner then redis.call('DEL', key.lease) end
return { 'done' }
