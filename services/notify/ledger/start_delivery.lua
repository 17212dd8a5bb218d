-- with: fence, lay_out, begin
-- A page is live, or withdrawn: its alert gets the delivery that it owes. The first live page of an
-- alert owes one, whatever its revision; after that only a correction or withdrawal does. Such a
-- delivery supersedes the one before it, whose mails that wait are not sent any more, and takes its
-- audience from that one's ledger. lay_out.lua says whom a delivery is owed to: it is fixed by this
-- script, whatever members choose later.
-- Followers' posts are planned before this, by posting/plan_posts.lua; only this acknowledges.
--
-- key.article hash: newest live revision and content of an alert, and the revision withdrawn
-- key.tries_before hash
-- key.put_off_before hash
-- arg.article text
-- arg.revision number
-- arg.withdrawn flag
-- arg.before text: the delivery that the caller saw on the alert, or ''
-- arg.mail flag: it is an alert; if not, what follows is not looked at
-- arg.change text: what the revision is to its readers: correction, edit, withdrawal, or ''
-- arg.corrected number: the newest correction that the revision holds, or 0
-- arg.content text: the revision as JSON
-- arg.page_at text: when the page was on disk
-- arg.started text: now
-- arg.held text: what holds the delivery from its start, or ''
--
-- answer started audience, kind
-- answer nothing: no delivery is owed
-- answer withdrawn: the article was withdrawn before, at this revision or a newer one
-- answer look_again: there is another delivery before this one than the caller saw
-- answer other_mode: the one before was an exercise and this is none, or the other way round

if (redis.call('GET', key.alert) or '') ~= arg.before then return { 'look_again' } end
local before = read_delivery(key.before)

-- Members in the audience of an exercise are not those of an alert, and the other way round.
local had_audience = before.state ~= '' and before.audience ~= '0'
if arg.mail and had_audience and before.mode ~= arg.mode then return { 'other_mode' } end

-- Events may come out of order: nothing starts that was withdrawn, and nothing is superseded by what
-- is older than it. An edit that came before the correction that it edits does not swallow that,
-- also if the correction's own event never comes: the newest text is mailed, as a correction.
local function stored(field) return tonumber(redis.call('HGET', key.article, field) or '0') end

-- What kind of delivery this revision owes; nil if none.
local function owed()
  if not arg.mail then return nil end
  if before.state == '' then return arg.change ~= 'withdrawal' and 'alert' or nil end
  local withdrawal = arg.change == 'withdrawal'
  local change = withdrawal and arg.revision or arg.corrected
  if change <= tonumber(before.revision) then return nil end
  local to_nobody = before.kind == 'alert' and before.audience == '0'
  if to_nobody then return not withdrawal and 'alert' or nil end
  return withdrawal and 'withdrawal' or 'correction'
end

local live = arg.revision > stored('withdrawn')
if live and arg.withdrawn then redis.call('HSET', key.article, 'withdrawn', arg.revision) end
if live and arg.mail and arg.revision > stored('revision') then
  redis.call('HSET', key.article, 'revision', arg.revision, 'content', arg.content)
end
local kind = live and owed()
if not kind then
  acknowledge()
  return { live and 'nothing' or 'withdrawn' }
end

local laid = lay_out(key.ledger, kind, before)
redis.call('UNLINK', key.scratch)
local audience, last = laid.audience, laid.last
local held = audience > 0 and arg.held or ''
local state = audience == 0 and 'complete' or held ~= '' and 'paused' or 'sending'
redis.call('HSET', key.delivery,
  'article', arg.article, 'revision', arg.revision, 'kind', kind, 'mode', arg.mode,
  'before', kind ~= 'alert' and arg.before or '', 'page_at', arg.page_at,
  'started', arg.started, 'state', state, 'audience', audience, 'open', audience,
  'handed_over', 0, 'failed', 0, 'suppressed', 0,
  'last', last, 'leaves', laid.leaves, 'subjects', laid.subjects, 'sequence', 0, 'held', held, 'cause', held)

if kind ~= 'alert' then
  redis.call('HSET', key.before, 'superseded', arg.delivery)
  if before.state ~= 'complete' then
    redis.call('HINCRBY', key.before, 'suppressed', before.open)
    redis.call('HSET', key.before, 'open', 0)
    complete(key.before, key.tries_before, key.put_off_before, key.events, arg.event, 'superseded')
  end
end

begin(state, audience, last)
acknowledge()
return { 'started', audience, kind }
