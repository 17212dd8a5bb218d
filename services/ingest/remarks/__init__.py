"""What experts outside say of an article before it is approved: a link for them, and their remarks.

Promises that a link opens one revision of one article and nothing else, for 14 days or until it is
ended. Knows articles by id; may use people and audit.
"""
