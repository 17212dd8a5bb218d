"""Pages for experts outside, and for whoever asks them: a link without an account, and remarks.

Promises that a link shows one revision and nothing else, and takes a remark once. May use remarks,
lifecycle and audit; knows no working copy.
"""
