"""A backup put back, and what a person decides before the system goes on (promise G13).

Promises that a restored system is held until then, that nothing is numbered twice, that whoever may
have got a mail since the backup is owed its correction, and that nobody whom an old copy knows is
logged in. Changes a copy before anything of it is in the system.
"""
