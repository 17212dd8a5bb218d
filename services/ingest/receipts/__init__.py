"""What other services told us: a receipt for each alert, a preview for what waits, dead letters.

Promises that a receipt never goes back to an older status, and that the audit trail has each
delivery that was completed. May use lifecycle, notices, people, pictures, sketches,
telling and audit. Changes no article; only stops an alert in its hold whose mail cannot be sent.
"""
