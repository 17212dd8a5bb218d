"""From an article's text to HTML and words: Markdown, dates, labels. Pure."""
