"""The flows from a live page to a receipt.

Nobody is mailed before the page is live (promise G5), nobody is left out, and a killed worker means
at most 64 second copies (G7). May use every other room of notify."""
