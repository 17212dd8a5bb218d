"""The commands of the people of the staff and their keys."""
