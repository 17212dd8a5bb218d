"""Notices to members, as of a breach of their data: written, approved by two, and told to notify.

Promises that none is mailed that two people have not approved as it is. Knows no article."""
