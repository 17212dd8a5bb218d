"""Looks at each page as readers do, for a day after it is out, and tells what it saw.

Mails nobody and holds nothing: `deliveries/page_hold.py` does, for an alert. Knows no member."""
