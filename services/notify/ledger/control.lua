-- with: states, tell, controlling
-- Something is done with a delivery, by whoever runs the system or by notify itself.
--
-- arg.expected text: what holds it as the caller saw it, if the caller minds; else ''

return { control(read_delivery(key.delivery), arg.expected ~= '' and arg.expected or nil) }
