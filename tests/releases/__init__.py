"""Two releases of this tree, made by its own command: up and back while an alert goes out."""
