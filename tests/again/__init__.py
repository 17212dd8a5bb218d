"""What failed in a whole run is tried once more, alone: see `tests/again/__main__.py`."""
