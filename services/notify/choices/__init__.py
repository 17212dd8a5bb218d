"""What members chose: all alerts, or only those about subjects that they picked.

Promises that nobody is left out who did not say so: a number that nothing is known of wants every
alert. Knows members' numbers and subjects' ids, no addresses and no deliveries.
"""
