-- A person gets a link behind which they say where they are told; notify is told of it.
--
-- key.stream stream: of control
-- arg.event text: JSON of its fields
--
-- answer done

emit(key.stream, arg.event)
return { 'done' }
