"""Articles of another site, from files to the API: read, turned to our Markdown, taken in."""
