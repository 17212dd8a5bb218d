"""The pages behind a mail's link. A GET changes nothing (promise G10), and the answer tells nobody
who is a member.

May use the members and the vault; knows no delivery."""
