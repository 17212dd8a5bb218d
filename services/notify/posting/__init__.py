"""Signed posts to followers: planned with each page, sent, and tried again until they are taken;
and heartbeats, for those who want them.

Knows revisions and the addresses of followers; no member and no mail."""
