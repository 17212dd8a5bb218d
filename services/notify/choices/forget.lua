-- with: strings
-- A member is erased: what they chose is not known any more, only that the number is gone.
--
-- key.base string
-- key.strings string...: strings of subjects, all that there are
-- arg.number number
--
-- answer done
-- answer look_again: there are strings that the caller did not see

if is_outdated() then return { 'look_again' } end
set_gone(arg.number)
for _, string in ipairs(key.strings) do set_byte(string, arg.number, WANTS) end
set_byte(key.base, arg.number, WANTS)
return { 'done' }
