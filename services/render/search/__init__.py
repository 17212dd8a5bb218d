"""The search: an index beside the site, which follows what is published, and the page `/sok/`.

It may be lost at any moment and is made again from Redis. No alert waits for it, and nothing of
what people search for is kept or told: not in a log, a metric, an error or another's address.
"""
