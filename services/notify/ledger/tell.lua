-- What the scripts that change a delivery have in common.

local SHOWN = {
  'article', 'revision', 'kind', 'mode', 'audience', 'handed_over', 'failed', 'suppressed', 'open',
  'state', 'cause', 'held', 'superseded', 'told_at', 'told_open',
}

-- The delivery's fields that are looked at; empty texts where there is none.
local function read_delivery(key)
  local delivery = {}
  for place, value in ipairs(redis.call('HMGET', key, unpack(SHOWN))) do
    delivery[SHOWN[place]] = value or ''
  end
  return delivery
end

local function now_ms()
  local clock = redis.call('TIME')
  return clock[1] * 1000 + math.floor(clock[2] / 1000)
end

-- Tell how far the delivery is. `event` is JSON of a delivery event's fields, completed here; `time`
-- is its time, where that is another than in the JSON.
local function tell(key, stream, event, kind, time)
  local delivery = read_delivery(key)
  local sequence = redis.call('HINCRBY', key, 'sequence', 1)
  redis.call('HSET', key, 'told_at', string.format('%d', now_ms()), 'told_open', delivery.open)
  local id, fields = key:match('[^:]+$'), cjson.decode(event)
  for place = 1, #fields, 2 do
    if fields[place] == 'time' and time then fields[place + 1] = time end
    if fields[place] == 'type' then fields[place + 1] = kind end
    if fields[place] == 'id' then fields[place + 1] = id .. '.' .. sequence .. '.' .. kind end
    if fields[place] == 'data' then
      fields[place + 1] = string.format(
        '{"delivery":"%s","article":"%s","revision":%s,"kind":"%s","mode":"%s","state":"%s",'
          .. '"cause":"%s","audience":%s,"handed_over":%s,"failed":%s,"suppressed":%s,"open":%s,'
          .. '"sequence":%s}',
        id, delivery.article, delivery.revision, delivery.kind, delivery.mode, delivery.state,
        delivery.cause, delivery.audience, delivery.handed_over, delivery.failed,
        delivery.suppressed, delivery.open, sequence)
    end
  end
  emit(stream, fields)
end
