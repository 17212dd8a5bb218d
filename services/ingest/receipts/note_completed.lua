-- with: fence, audit/audit
-- A delivery is complete: the receipt and the audit trail are told in one step with the
-- acknowledgement, so however often the event comes, the trail has it once. A newer status that
-- says the same as the one before is no news for the trail, nor is it that mails came back since,
-- or that something was asked of it.
--
-- key.receipt hash: the article's
-- arg.sequence_field text
-- arg.sequence number: the status's
-- arg.status_field text
-- arg.status text
--
-- answer done
-- answer older: this status or a newer one was noted before
-- answer moved: the trail has gone on meanwhile, so nothing is done

local function note()
  redis.call('HSET', key.receipt, arg.sequence_field, arg.sequence, arg.status_field, arg.status)
  acknowledge()
end

local noted = tonumber(redis.call('HGET', key.receipt, arg.sequence_field) or '')
if noted and noted >= arg.sequence then
  acknowledge()
  return { 'older' }
end
local function facts(status)
  for _, name in ipairs({ 'sequence', 'bounced', 'heeded' }) do
    status = status:gsub('"' .. name .. '":%d+', '')
  end
  status = status:gsub('"bounced_by":%b{}', '')
  return status
end
local before = redis.call('HGET', key.receipt, arg.status_field)
if before and facts(before) == facts(arg.status) then
  note()
  return { 'done' }
end
if not audit_ready() then return { 'moved' } end
audit_append()
note()
return { 'done' }
