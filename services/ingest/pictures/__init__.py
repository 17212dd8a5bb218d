"""Pictures that editors upload: decoded, stripped of what tells about people, stored once.

Promises that a picture that is known is also on disk. May use people, and from reading how a path
is shown; knows articles by id only.
"""
