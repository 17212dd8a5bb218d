"""What is being written, as it would be seen: that render and notify were asked for it, and what
they answered.

Promises that no sketch counts as a submission, and that what was asked last is what is shown. Knows
no working copy and changes no article.
"""
