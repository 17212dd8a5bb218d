-- with: strings
-- A person's new number chooses as an earlier one of theirs did.
--
-- key.base string
-- key.strings string...: strings of subjects, all that there are
-- arg.old number
-- arg.new number
--
-- answer done
-- answer gone: the new number left or was erased; nothing was written
-- answer look_again: there are strings that the caller did not see

if is_outdated() then return { 'look_again' } end
if is_gone(arg.new) then return { 'gone' } end
for _, string in ipairs(key.strings) do set_byte(string, arg.new, byte_of(string, arg.old)) end
set_byte(key.base, arg.new, byte_of(key.base, arg.old))
return { 'done' }
