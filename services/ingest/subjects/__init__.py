"""What members choose alerts by: medicines, classes of medicines and conditions, as staff change
them. Which of them an alert is about is in shared/subjects/. Knows no article and no member.
"""
