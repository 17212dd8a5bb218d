-- An event that stands in the place of an earlier one, which nobody needs any more: so that what is
-- said every few seconds does not fill the stream. Only the stream's writer may do this.

-- Remove the entry `id` from the stream, unless it was read and is not settled yet: what is in
-- somebody's hands stays, and is trimmed with the rest.
local function supersede(stream, id)
  for _, told in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    if #redis.call('XPENDING', stream, told[2], id, id, 1) > 0 then return end
  end
  redis.call('XDEL', stream, id)
end
