"""What staff ask of a delivery: hold it, let it go on, end it, try failures again.

Promises that each wish is told to notify on `control` and stands in the audit trail, or neither.
Knows no member: notify decides what a wish comes to, and a receipt shows it. Changes no article.
"""
