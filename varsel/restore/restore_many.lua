-- Many keys that DUMP gave, into a server that has none of them.
--
-- key.keys any...: the keys
-- arg.records text...: per key its record
-- arg.lives text...: per key its milliseconds to live, 0 for ever
--
-- answer done

for place, name in ipairs(key.keys) do
  redis.call('RESTORE', name, arg.lives[place], arg.records[place])
end
return { 'done' }
