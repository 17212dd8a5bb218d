"""The life of an article: which step is possible, who may take it, and the script that does it.

What was answered with 2xx is never lost (promise G1), and nothing is published that lacks its
approvals. Serves no HTTP and knows no service but this one."""
