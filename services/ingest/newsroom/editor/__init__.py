"""What the visual editor asks the server for: what a Word document says.

The editor itself is static/editor.js, made from editor/ at the root of the repository; see
docs/decisions/0039-the-visual-editor.md. May use word, and from the desk how a form is read; knows
no stored article.
"""
