"""What is being written, as readers and members will see it: on a phone, on a screen, on paper and
as mail, by the code that makes the real ones.

Promises that a sketch counts as nothing else, and that a placeholder is never taken for a text. May
use desk, sketches, people and reading; changes no article.
"""
