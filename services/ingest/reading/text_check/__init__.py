"""What was written, held against what will be seen. Pure: knows the parser, and no fields."""
