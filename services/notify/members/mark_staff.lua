-- Members become staff, but for those who have left: an exercise's audience is whoever is staff, so
-- nobody may be in it whom no chunk would serve.
-- KEYS: notify:staff, then per member notify:left:{bucket}. ARGV: per member the number and the field.

expect(KEYS[1], 'set')
for place = 2, #KEYS do expect(KEYS[place], 'hash') end
for place = 2, #KEYS do
  local arg = 2 * place - 3
  if redis.call('HEXISTS', KEYS[place], ARGV[arg + 1]) == 0 then
    redis.call('SADD', KEYS[1], ARGV[arg])
  end
end
