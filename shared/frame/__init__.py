"""What all pages of the association have around them, whichever service has made them: header,
menu, footer and contact, in its own words.

Promises that a service that was told what the association says of itself says so from then on,
without a restart (`kept.py`), and that the frame is written once (`*.html`, `words.py`). Knows no
service.
"""
