"""The flows from a live page to a receipt.

Nobody is mailed before the page is live (promise G5), nobody is left out, and a worker that is
killed leads to at most 64 second copies (G7). May use all rooms below it; not member_pages,
register, staff or looks."""
