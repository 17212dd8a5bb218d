-- with: causes
-- What the scripts that change a delivery have in common: they read it, tell of it, and end it.

local SHOWN = {
  'article', 'revision', 'kind', 'mode', 'audience', 'handed_over', 'failed', 'suppressed', 'open',
  'bounced', 'state', 'cause', 'held', 'superseded', 'told_at', 'told_open', 'heeded',
  'put_off_until', 'page_passed',
}

-- The delivery's fields that are looked at; empty texts if there is none.
local function read_delivery(delivery)
  local read = {}
  for place, value in ipairs(redis.call('HMGET', delivery, unpack(SHOWN))) do
    read[SHOWN[place]] = value or ''
  end
  return read
end

local function id_of(delivery) return delivery:match('[^:]+$') end

-- Tell how far the delivery is. `event` is JSON of a delivery event's fields, completed here; `time`
-- is its time, if that is another than in the JSON.
local function tell(delivery, events, event, kind, time)
  local id, now = id_of(delivery), read_delivery(delivery)
  local sequence = redis.call('HINCRBY', delivery, 'sequence', 1)
  redis.call('HSET', delivery, 'told_at', whole(now_ms()), 'told_open', now.open)
  emit(events, filled(event, {
    time = time,
    type = kind,
    id = id .. '.' .. sequence .. '.' .. kind,
    data = string.format(
      '{"delivery":"%s","article":"%s","revision":%s,"kind":"%s","mode":"%s","state":"%s",'
        .. '"cause":"%s","audience":%s,"handed_over":%s,"failed":%s,"suppressed":%s,"open":%s,'
        .. '"bounced":%d,"failed_by":%s,"bounced_by":%s,"put_off_until":%s,"heeded":%d,'
        .. '"page_passed":"%s","sequence":%s}',
      id, now.article, now.revision, now.kind, now.mode, now.state, now.cause, now.audience,
      now.handed_over, now.failed, now.suppressed, now.open, tonumber(now.bounced) or 0,
      counted_causes(delivery, 'failed'), counted_causes(delivery, 'bounced'),
      now.put_off_until ~= '' and now.put_off_until or 'null', tonumber(now.heeded) or 0,
      now.page_passed, sequence),
  }))
end

-- Nobody of the delivery is open: it ends, and with it what was known of tries and pauses. `cause`
-- says why it ended otherwise than by reaching everybody, else ''.
local function complete(delivery, tries, put_off, events, event, cause, time)
  redis.call('HSET', delivery, 'state', 'complete', 'cause', cause, 'held', '')
  redis.call('DEL', tries, put_off)
  redis.call('HDEL', delivery, 'put_off_until')
  tell(delivery, events, event, 'delivery.completed', time)
end

-- Why a delivery ends with its last member, from what it was before: it may have been cancelled.
local function cause_of_end(before) return before.held == 'cancelled' and 'cancelled' or '' end

-- Have a chunk mailed. `event` is JSON of a chunk.planned event's fields, completed here.
local function plan_chunk(chunks, event, id, chunk)
  emit(chunks, filled(event, {
    id = id .. '.' .. chunk .. '.chunk.planned',
    data = string.format('{"delivery":"%s","chunk":%d}', id, chunk),
  }))
end
