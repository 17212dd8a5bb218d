"""What differs between two revisions of an article, for the person who approves the newer one.

Pure: it promises to name each difference, in work that grows no faster than the texts. Reads what
lifecycle stores, and changes nothing.
"""
