"""The audit trail: who did what, each line bound to the one before by its hash, each day sealed.

Other subjects take its script into theirs, so that a step and its line are written at once."""
