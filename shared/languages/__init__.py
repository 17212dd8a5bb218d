"""All fixed texts that people read, in each language: bokmål in the code and in the templates, the
others in a catalogue each (`nn.po`, `en.po`).

Promises that a text is written once, that whoever says it in a language gets it in that one
(`say.py`, `dates.py`), that none is missing (`python -m shared.languages` brings the catalogues up
to date), and that all are well set (`typography.py`). Knows no service.
"""
