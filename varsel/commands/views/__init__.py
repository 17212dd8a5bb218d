"""The words that show an article and change nothing: articles, preview, history and receipt."""
