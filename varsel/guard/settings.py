"""The guard's settings, from environment variables with the prefix `VARSEL_GUARD_`; see
docs/guard.md. None of the system's is read: the guard is another machine's."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from services.notify.bounces.mailbox import MailboxUrl
from services.notify.bounces.mailbox import parse as mailbox_of
from services.notify.relay import url as relay_url
from services.notify.relay.url import RelayUrl
from shared.settings import HttpAddress, SecretFiles, Webhook, is_http

SECRETS = frozenset({"key", "imap_url", "smtp_url", "webhook", "ping_url"})
"""Settings that may also come from a file named by the variable with `_FILE` after it."""
_Addresses = Annotated[tuple[str, ...], NoDecode]


class GuardSettings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="VARSEL_GUARD_",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
        frozen=True,
    )

    site: HttpAddress
    """The site's public address, without a path."""
    key: SecretStr
    """A key that may only read receipts: `varsel keys create NAME --only receipts`."""
    state: Path = Path("guard")
    """Folder in which the guard keeps what it has seen and told, so that a restart rings nobody
    again."""
    imap_url: SecretStr = SecretStr("")
    """The probes' mailbox: `imaps://user:pass@host/INBOX`. Empty: no mail is looked for."""
    probes: _Addresses = ()
    """Addresses of probe members whose mail arrives there, with commas between them."""
    mail_minutes: Annotated[float, Field(gt=0)] = 30.0
    """How long after an alert is out each probe may be without its mail."""
    still_minutes: Annotated[float, Field(gt=0)] = 15.0
    """How long the numbers of a receipt that is not complete may stand still."""
    page_minutes: Annotated[float, Field(gt=0)] = 3.0
    """How long a page, a feed, the heartbeat, the API or the mailbox may be away or wrong."""
    smtp_url: SecretStr = SecretStr("")
    """The relay that the guard's own mail goes by; not the system's."""
    mail_from: str = ""
    """Sender's address of that mail."""
    mail_to: _Addresses = ()
    """Who gets that mail, with commas between them."""
    webhook: Annotated[Webhook | None, NoDecode] = None
    """Told with a signed post: a JSON object `{"url", "secret"}`."""
    ping_url: Annotated[SecretStr, AfterValidator(is_http)] = SecretStr("")
    """Told each minute that the guard lives, as Healthchecks has it; it rings when that ends."""

    @classmethod
    def settings_customise_sources(  # the base class names what is not used here
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, SecretFiles(settings_cls, SECRETS)

    @field_validator("site")
    @classmethod
    def _without_path(cls, value: str) -> str:
        if urlsplit(value).path.strip("/") or urlsplit(value).query:
            raise ValueError("must be an address without a path, as https://varsel.example.org")
        return value.rstrip("/")

    @field_validator("key")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        if (
            not value.get_secret_value().startswith("varsel_")
            or not value.get_secret_value().isascii()
        ):
            raise ValueError("is no key; they begin with varsel_")
        return value

    @field_validator("probes", "mail_to", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(filter(None, map(str.strip, value.split(","))))

    @field_validator("probes", "mail_to")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all("@" in one and one.isprintable() and " " not in one for one in value):
            raise ValueError("must be e-mail addresses with commas between them")
        return value

    @field_validator("webhook", mode="before")
    @classmethod
    def _object(cls, value: object) -> object:
        return Webhook.model_validate_json(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _together(self) -> "GuardSettings":
        if bool(self.imap_url.get_secret_value()) != bool(self.probes):
            raise ValueError("VARSEL_GUARD_IMAP_URL and VARSEL_GUARD_PROBES belong together")
        has_relay = bool(self.smtp_url.get_secret_value())
        if {has_relay, bool(self.mail_from), bool(self.mail_to)} == {True, False}:
            raise ValueError(
                "VARSEL_GUARD_SMTP_URL, VARSEL_GUARD_MAIL_FROM and VARSEL_GUARD_MAIL_TO belong "
                "together"
            )
        _ = self.relay, self.mailbox  # what is wrong with them is told of now
        return self

    @property
    def relay(self) -> RelayUrl | None:
        said = self.smtp_url.get_secret_value()
        return relay_url.parse(said, "VARSEL_GUARD_SMTP_URL") if said else None

    @property
    def mailbox(self) -> MailboxUrl | None:
        said = self.imap_url.get_secret_value()
        return mailbox_of(said, "VARSEL_GUARD_IMAP_URL") if said else None
