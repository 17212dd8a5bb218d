"""Word documents: what one says, as Markdown for the editor. Pure; knows no article.

Headings, lists, links, tables and footnotes are kept, and nothing else: fonts, colours and bold are
looks, and pictures need words that Word does not ask for.
"""
