"""The life of an article: which steps are possible, who may take them, and the script that does it.

Promises that what was answered with 2xx is never lost (G1), and that nothing is published without
its approvals. May use people, pictures, reading, alike, subjects, telling, titles and audit. Serves
no HTTP.
"""
