"""The names of the pages that `world.filled` makes: which there are of each kind."""

SITE_PAGES = (
    *("front", "list", "numbered list", "not found", "alert", "real article", "every element"),
    *("alert in nynorsk", "alert in english", "withdrawn alert", "withdrawn news"),
    *("alert with all", "corrected alert", "exercise", "preview", "audit"),
    *("info", "topic", "medicine", "alerts", "search", "found", "found nothing", "for systems"),
)
SEARCH_PAGES = ("search", "found", "found nothing")
"""With a script for suggestions, and no other."""
MY_PAGES = (
    *("my page", "welcome", "my name", "my choices", "my address", "my passkeys"),
    *("leaving", "deleting"),
)
"""For members who are logged in."""
MY_PAGES_ELSEWHERE = tuple(f"{name} ({lang})" for name in MY_PAGES for lang in ("nn", "en"))
"""The same for members who have another language than bokmål."""
PAGES_ELSEWHERE = (
    *MY_PAGES_ELSEWHERE,
    *(
        f"{name} ({lang})"
        for name in ("log in", "code", "dead link", "unsubscribe")
        for lang in ("nn", "en")
    ),
)
"""All that members see in another language, but joining and what is answered once (`ANSWERS`)."""
MEMBER_PAGES = (
    *("unsubscribe", "unsubscribed", "unknown link", "joining", "joining in nynorsk"),
    *("joining in english", "joining, wrong", "code", "code to log in", "code to move"),
    *("log in", "link of a letter", "dead link", "no such page of members", *MY_PAGES),
)
INBOX_PAGES = ("inbox", "mail", "no such mail")
FRAMED_PAGES = (*SITE_PAGES, *MEMBER_PAGES)
"""With the association's header and footer."""
PAGES = (*FRAMED_PAGES, *INBOX_PAGES, "mail itself")
