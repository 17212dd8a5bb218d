-- with: strings
-- A member chooses: all alerts, or those about the subjects that they pick. What they once chose of
-- a subject that cannot be chosen now stays as it is: it may come back.
--
-- key.base string
-- key.strings string...: strings of subjects, all that there are
-- arg.number number
-- arg.wants_all flag
-- arg.picked flag...: per subject, whether the member picks it
-- arg.offered flag...: per subject, whether it can be chosen now
--
-- answer done
-- answer gone: the member left or was erased; nothing was written
-- answer look_again: there are strings that the caller did not see

if is_outdated() then return { 'look_again' } end
if is_gone(arg.number) then return { 'gone' } end
for place, string in ipairs(key.strings) do
  local name, wants = arg.names[place], arg.wants_all or arg.picked[place]
  local has_own = redis.call('SISMEMBER', key.own, name) == 1
  if arg.picked[place] and not has_own then
    redis.call('COPY', key.base, string)
    redis.call('SETRANGE', string, arg.number, WANTS) -- also makes it, if there was no base
    redis.call('SADD', key.own, name)
    has_own = true
  end
  local counts = arg.wants_all or arg.picked[place] or arg.offered[place]
  if has_own and counts then set_byte(string, arg.number, wants and WANTS or NOT) end
end
set_byte(key.base, arg.number, arg.wants_all and WANTS or NOT)
return { 'done' }
