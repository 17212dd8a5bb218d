"""What members choose alerts by: medicines, classes of medicines and conditions.

Promises that an alert is never narrowed by a name that nobody knows: if any of its medicines and
conditions is not matched to a subject, it goes to all. Knows no article and no member.
"""
