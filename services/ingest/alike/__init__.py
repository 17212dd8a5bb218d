"""What is out already: which live articles have the title or the medicines of a new one.

Promises that authors and approvers are told of them before members get a second message about the
same thing. Warns, and never refuses. advance.lua writes its two keys, in the script that
publishes and withdraws. May use reading.
"""
