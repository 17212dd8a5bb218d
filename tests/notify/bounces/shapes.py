"""Mail that comes back, in the shapes that hosts give it; the words are ours, the shapes theirs.

Each names a member and an address that are not those of the token, as a forger would.
"""

from email.message import EmailMessage

OTHER = "ola@example.net"
"""An address that the text names, and that nobody asked about."""
OURS = f"""Return-Path: <retur@varsel.example.org>
From: Varsel <varsel@example.org>
To: <{OTHER}>
Subject: Viktig sikkerhetsmelding
Message-ID: <a1b2c3d4e5f6.1@varsel.example.org>

Bestill time hos legen.
"""


def report(human: str, status: str, *, sender: str = "mailer-daemon@mx.example.net") -> bytes:
    """A multipart/report of RFC 3464."""
    return f"""From: {sender}
To: <somebody@example.org>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

{human}

--b
Content-Type: message/delivery-status

{status}

--b
Content-Type: message/rfc822

{OURS}
--b--
""".replace("\n", "\r\n").encode()


def postfix(code: str, *, action: str = "failed", diagnostic: str = "") -> bytes:
    return report(
        f"This is the mail system at host mx.example.net.\n\n<{OTHER}>: host said: no",
        f"""Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4F1
X-Postfix-Sender: rfc822; varsel@example.org
Arrival-Date: Sat, 28 Nov 2026 10:00:00 +0100 (CET)

Final-Recipient: rfc822; {OTHER}
Original-Recipient: rfc822;{OTHER}
Action: {action}
Status: {code}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; {diagnostic or f"550 {code} no such user"}""",
    )


def exchange(code: str) -> bytes:
    return report(
        f"Delivery has failed to these recipients or groups:\n\n{OTHER}",
        f"""Reporting-MTA: dns;AM0.prod.example.com
Received-From-MTA: dns;mx.example.org
Arrival-Date: Sat, 28 Nov 2026 09:00:00 +0000

Final-Recipient: rfc822;{OTHER}
Action: failed
Status: {code}
Diagnostic-Code: smtp;550 {code} RESOLVER.ADR.RecipientNotFound; not found
X-Display-Name: Ola""",
        sender="postmaster@example.com",
    )


def gmail(code: str) -> bytes:
    return report(
        f"** Address not found **\n\nYour message wasn't delivered to {OTHER}",
        f"""Reporting-MTA: dns; googlemail.example.com
Arrival-Date: Sat, 28 Nov 2026 01:00:00 -0800 (PST)
X-Original-Message-ID: <a1b2c3d4e5f6.1@varsel.example.org>

Final-Recipient: rfc822; {OTHER}
Action: failed
Status: {code}
Diagnostic-Code: smtp; 550-{code} The email account that you tried to reach does not exist. Please
 550-{code} try double-checking the recipient's email address
Last-Attempt-Date: Sat, 28 Nov 2026 01:00:01 -0800 (PST)""",
    )


def exim(code: str) -> bytes:
    """Exim's status says no more than its class; the relay's reply does."""
    return report(
        f"A message that you sent could not be delivered:\n\n  {OTHER}",
        f"""Reporting-MTA: dns; mx.example.net

Action: failed
Final-Recipient: rfc822;{OTHER}
Status: {code[0]}.0.0
Remote-MTA: dns; mx2.example.net
Diagnostic-Code: smtp; 550 {code} Unrouteable address""",
    )


def sendmail(code: str) -> bytes:
    return report(
        f"----- The following addresses had permanent fatal errors -----\n<{OTHER}>",
        f"""Reporting-MTA: dns; mx.example.net
Arrival-Date: Sat, 28 Nov 2026 10:00:00 +0100

Final-Recipient: RFC822; {OTHER}
Action: failed
Status: {code} (permanent failure)
Diagnostic-Code: SMTP; 550 {code} User unknown""",
    )


def qmail(code: str) -> bytes:
    return f"""From: MAILER-DAEMON@mx.example.net
To: somebody@example.org
Subject: failure notice

Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{OTHER}>:
Sorry, no mailbox here by that name. (#{code})

--- Below this line is a copy of the message.

{OURS}""".replace("\n", "\r\n").encode()


def complaint(kind: str = "abuse", *, inner: str = OURS) -> bytes:
    return f"""From: feedback@provider.example.com
To: <somebody@example.org>
Subject: FW: Viktig sikkerhetsmelding
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: {OTHER}

--b
Content-Type: message/rfc822

{inner}
--b--
""".replace("\n", "\r\n").encode()


def vacation(subject: str, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = OTHER, "somebody@example.org", subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Jeg er borte til mandag. Melding 5.1.1 besvares da.\n")
    return mail.as_bytes()


SHAPES = {
    "postfix": postfix,
    "exchange": exchange,
    "gmail": gmail,
    "exim": exim,
    "sendmail": sendmail,
    "qmail": qmail,
}
