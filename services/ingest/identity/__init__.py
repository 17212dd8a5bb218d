"""What the association says of itself: its name, logo, colours, menu and contact.

Promises that a change is its state, its event and its entry in the audit trail, in one script. May
use people, pictures, reading and audit.
"""
