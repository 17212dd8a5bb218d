"""Long work on what strangers sent is done in a child process: it holds up nobody, and it ends.

Python lets one thread compute at a time. While one request's text is parsed in the process that
serves the others, they wait; and what takes too long cannot be ended there. A child can be killed.
Knows nothing of articles. See docs/decisions/0025-a-child-process.md.
"""
