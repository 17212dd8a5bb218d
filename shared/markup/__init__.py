"""Where body text differs from CommonMark, as rules for the one parser (shared/markdown.py).

What an editor writes is what readers read: a character vanishes only where it stands as markup.
The list of differences is docs/decisions/0021-where-text-differs-from-commonmark.md. Pure; stands
on markdown-it alone.
"""
