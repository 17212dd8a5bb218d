"""How hard a Norwegian text is to read: its sentences, its words, and its LIX (C.-H. Björnsson,
Läsbarhet, 1968): words in a sentence on average, and the percentage of words with more than six
letters. Below 30 is like a children's book, above 50 like a law."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"\w+(?:[-‑’']\w+)*")
_END = re.compile(r"[.!?…:]+[\"»”’)\]]*\s+(?![a-zæøå])")
"""After «3.» in «3. april» and «f.eks.» the sentence goes on with a small letter."""
_GOES_ON = re.compile(r"(?:^|[\s(])(?:kl|nr|ca|dr|prof|tlf|maks|min)\.\s+$", re.IGNORECASE)
_LONG = 6
"""Letters; longer words are long ones."""


def words(text: str) -> list[str]:
    """Also numbers; «JAK-hemmere» is one word."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Each with at least one word."""
    found, start = [], 0
    for end in _END.finditer(text):
        if not _GOES_ON.search(text, max(start, end.start() - 6), end.end()):
            found.append(text[start : end.end()])
            start = end.end()
    return [one.strip() for one in (*found, text[start:]) if _WORD.search(one)]


def lix(texts: Iterable[str]) -> int:
    """The LIX of texts that each end a sentence, rounded; 0 if there is no word."""
    all_sentences = [one for text in texts for one in sentences(text)]
    all_words = [word for one in all_sentences for word in words(one)]
    if not all_words:
        return 0
    long = sum(len(word) > _LONG for word in all_words)
    return round(len(all_words) / len(all_sentences) + 100 * long / len(all_words))
