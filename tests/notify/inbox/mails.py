"""Made-up mails."""

from email.message import EmailMessage


def mail(subject: str = "Viktig: Eksempelinib kan skade leveren", number: int = 1) -> bytes:
    """A mail as Varsel writes them: text first, then the same as HTML."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Foreningen <varsel@example.org>"
    message["To"] = "Kåre Ødegård <kare@example.net>"
    message["Date"] = "Tue, 01 Sep 2026 10:00:00 +0200"
    message["Message-ID"] = f"<{number}.abc@example.org>"
    message.set_content("Hei, Kåre!\n\nLes mer: https://varsel.example.org/nyheter/en-sak/\n")
    message.add_alternative("<html><head></head><body><p>Hei, Kåre!</p></body></html>", "html")
    return message.as_bytes()


SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "script in the subject": b"Subject: " + SCRIPT.encode() + b"\r\n\r\nhei\r\n",
    "script in every header": b"From: %b\r\nTo: %b\r\nDate: %b\r\nMessage-ID: %b\r\nX-%b: 1\r\n\r\n"
    % ((SCRIPT.encode(),) * 5),
    "script in an encoded word": b"Subject: =?utf-8?q?=3Cscript=3Ealert(1)=3C/script=3E?=\r\n\r\n",
    "script in the text": b"Subject: a\r\n\r\n" + SCRIPT.encode() + b"\r\n",
    "no headers": b"bare hei\r\n",
    "nothing": b"\r\n",
    "no subject": b"From: a@example.org\r\n\r\nhei\r\n",
    "8-bit junk": b"Subject: \xff\xfe\xe6\r\nTo: \x80\r\n\r\n\xff\xfe\x80\x81 hei\r\n",
    "raw UTF-8": "Subject: Blåbær\r\n\r\nSyltetøy\r\n".encode(),
    "controls": b"Subject: a\x00b\x1b[31m\r\n\r\n\x00\x07\x1b[31m\r\n",
    "unknown charset": b"Subject: =?x-klingon?q?abc?=\r\nContent-Type: text/plain; charset=x-q\r\n"
    b"\r\nhei\r\n",
    "codec that is no charset": b"Subject: =?rot13?q?abc?=\r\nContent-Type: text/plain; "
    b"charset=zlib\r\n\r\nhei\r\n",
    "half characters": b"Subject: \\ud800 =?utf-8?q?x?=\r\nContent-Type: text/plain; charset=utf-7"
    b"\r\n\r\n+2AA- hei\r\n",
    "broken base64": b"Subject: =?utf-8?b?a?=\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!a\r\n",
    "broken uuencode": b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin x\r\n~\r\n",
    "multipart without parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\nhei\r\n",
    "multipart without boundary": b"Content-Type: multipart/mixed\r\n\r\nhei\r\n",
    "multipart without end": b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
    b"Content-Type: text/html\r\n\r\n<b>hei",
    "parts in parts, very deep": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(2000)
    ),
    "strange parameters": b"Content-Type: text/plain; charset*=x'y'%ff; name*0*=a; name*2=b\r\n"
    b"\r\nhei\r\n",
    "impossible date": b"Date: 99 Foo 99999 99:99:99 +9999\r\n\r\n",
    "first date of all": b"Date: Mon, 01 Jan 0001 00:00:00 +2359\r\n\r\n",
    "last date of all": b"Date: Fri, 31 Dec 9999 23:59:59 -0000\r\n\r\n",
}
