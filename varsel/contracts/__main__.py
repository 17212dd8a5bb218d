"""`python -m varsel.contracts`: write the documents into docs/."""

from varsel.contracts.documents import documents

for file, text in documents().items():
    file.write_text(text)
