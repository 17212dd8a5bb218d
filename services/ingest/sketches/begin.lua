-- with: supersede
-- Asks for the page and the mail of what is being written, unless just that was asked for last.
--
-- key.sketch hash: the article's
-- key.articles stream
-- arg.sha256 text: of the content
-- arg.version text: of the working copy
-- arg.token text: of the page
-- arg.lacks text: what is missing, as JSON
-- arg.event json: article.sketched, as a list of names and values
-- arg.seconds number: for which it is known
--
-- answer asked
-- answer same: the content is the same; only the version was noted

local told = { 'version', arg.version, 'lacks', arg.lacks }
local same = redis.call('HGET', key.sketch, 'sha256') == arg.sha256
if not same then
  local before = redis.call('HGET', key.sketch, 'entry')
  local entry = emit(key.articles, arg.event)
  if before then supersede(key.articles, before) end
  redis.call('HSET', key.sketch, 'sha256', arg.sha256, 'token', arg.token, 'entry', entry,
    'at', now_ms())
end
redis.call('HSET', key.sketch, unpack(told))
redis.call('EXPIRE', key.sketch, arg.seconds)
return { same and 'same' or 'asked' }
