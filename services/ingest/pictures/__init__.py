"""Pictures that editors upload: decoded, stripped of what tells about people, stored once.

Promises that a picture that is known is also on disk, and that one that was taken in becomes known
or is told of. May use people, and from reading what is said of a path and of a picture that is not
there; knows articles by id only.
"""
