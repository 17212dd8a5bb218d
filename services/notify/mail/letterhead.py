"""What is the same in every mail, as the settings have it."""

from services.notify.mail.dkim import Signer, SigningKey, signing_keys
from services.notify.mail.text import Letterhead
from services.notify.members.addresses import parse as parse_address
from shared.settings import Settings


def letterhead(settings: Settings) -> Letterhead:
    """The letterhead; ValueError that names the setting that makes mail impossible."""
    sender = _address("VARSEL_MAIL_FROM", settings.sender)
    if not settings.site.isascii():
        raise ValueError("VARSEL_SITE_URL: write the host name as it is in DNS, as xn--…")
    return Letterhead(
        site=settings.site,
        site_name=settings.site_name,
        sender=sender,
        leave_address=_bounce_address(settings),
        reply_to=_address("VARSEL_REPLY_TO", settings.reply_to) if settings.reply_to else "",
        postal=settings.postal_address,
        contact=settings.contact,
        neutral=settings.neutral_subject,
        signer=signer(settings, sender.rpartition("@")[2]),
    )


def signer(settings: Settings, domain: str) -> Signer | None:
    """What signs the mails of `domain`; none if no key is set. ValueError that names the setting
    that is wrong."""
    keys: list[SigningKey] = []
    for name, secret, selector in (
        ("RSA", settings.dkim_rsa_key, settings.dkim_rsa_selector),
        ("ED25519", settings.dkim_ed25519_key, settings.dkim_ed25519_selector),
    ):
        if not (pem := secret.get_secret_value()):
            continue
        try:
            found = signing_keys(pem, selector)
        except ValueError as error:
            raise ValueError(f"VARSEL_DKIM_{name}_KEY: {error}") from None
        if not all(key.algorithm.startswith(name.lower()) for key in found):
            raise ValueError(f"VARSEL_DKIM_{name}_KEY: is a key of another kind")
        keys += found
    return Signer(domain, keys) if keys else None


def _bounce_address(settings: Settings) -> str:
    address = settings.bounce_address
    return _address("VARSEL_BOUNCE_ADDRESS", address) if address else ""


def _address(setting: str, value: str) -> str:
    try:
        return parse_address(value)
    except ValueError as error:
        raise ValueError(f"{setting}: {error}") from None
