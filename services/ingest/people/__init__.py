"""The staff: persons, each with a role, and what lets them in.

Promises that a person has one id for good, whatever happens to their name's keys, so that four eyes
count persons; that keys and invitations are stored only as hashes; that both end with the person;
and that the audit trail knows of all of it. May use audit. Whether a role may take a step is
decided in lifecycle.
"""
