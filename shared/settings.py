"""All settings, from environment variables with the prefix `VARSEL_`; see docs/settings.md."""

import base64
import ipaddress
import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from shared.redis_url import sentinel_url
from shared.text import one_line

SECRETS = frozenset(
    {"redis_url", "smtp_url", "bounce_imap_url", "secret_key", "webhooks"}
    | {"staff_webhook", "ping_url"}
    | {"dkim_rsa_key", "dkim_ed25519_key", "oidc_client_secret"}
)
"""Settings that may also come from a file named by the variable with `_FILE` after it."""

HttpAddress = Annotated[str, Field(pattern=r"^https?://[^/\s]+[^\s]*$")]


def is_http(value: SecretStr) -> SecretStr:
    """An address that may hold a secret, or none; ValueError, without it, if it is something
    else."""
    said = value.get_secret_value()
    if said and (urlsplit(said).scheme not in ("http", "https") or not urlsplit(said).hostname):
        raise ValueError("must be an address, as https://hc.example.org/ping/NUMBER")
    return value


class Webhook(BaseModel):
    """A follower that gets signed posts (Standard Webhooks 1.0)."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: HttpAddress
    secret: SecretStr
    """Base64 with the prefix `whsec_`."""
    exercises: bool = False
    """It gets exercises and tests too, each marked as what it is."""
    heartbeat: bool = False
    """It gets a post every five minutes while all is alive."""

    @field_validator("secret")
    @classmethod
    def _standard_webhooks(cls, value: SecretStr) -> SecretStr:
        """As Standard Webhooks 1.0 has it: else each post would fail, days later."""
        prefix, _, key = value.get_secret_value().partition("_")
        try:
            length = len(base64.b64decode(key + "=" * (-len(key) % 4), validate=True))
        except ValueError:
            length = 0
        if prefix != "whsec" or not 24 <= length <= 64:
            raise ValueError("must be whsec_ and 24 to 64 bytes as base64")
        return value


def is_real_relay(url: str) -> bool:
    """Whether mail by this relay can reach people: all but one on this machine, or one that goes by
    a name of this network alone, as the inbox of the stack to try."""
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return "." in host.rstrip(".") and not host.endswith(".localhost")


class StaffWebhook(Webhook):
    """What is told of in the place of people of the staff who have no address."""

    url: Annotated[
        str, Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])[^/\s]+[^\s]*$")
    ]
    """Encrypted, but on this machine."""


class SecretFiles(EnvSettingsSource):
    """Reads `VARSEL_SECRET_KEY_FILE` and its like for the fields in `secrets`: the value is the
    file's text."""

    def __init__(self, settings_cls: type[BaseSettings], secrets: frozenset[str]) -> None:
        super().__init__(settings_cls)
        self._secrets = secrets

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        variable = f"{self.env_prefix}{field_name}_file"
        path = self.env_vars.get(variable.lower()) if field_name in self._secrets else None
        if path is None:
            return None, field_name, False
        try:
            return Path(path).read_text().strip(), field_name, False
        except OSError as error:
            raise ValueError(f"{variable.upper()}: {error.strerror}: {path}") from error


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="VARSEL_",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
        frozen=True,
    )

    redis_url: str = ""
    """Redis or Valkey (7.0 or newer), as `redis://…` or `rediss://…`; one that fails over, as
    `redis+sentinel://…` (see redis_url.py). Empty: `varsel up` starts its own server.
    While a password is being changed: the new address on a line, and the former one under it."""
    data: Path = Path("var")
    """Folder for the site, the pictures, the secret key and the embedded server's data."""
    shared: Path | None = None
    """Folder that several machines have in common: the site with its locks, and the pictures. Then
    DATA is each machine's own. Empty: DATA."""
    journal: Path | None = None
    """Folder for notify's journal, which no loss of Redis may take. Empty: `journal` in DATA."""
    left_kept_days: Annotated[int, Field(ge=0)] = 30
    """Days that the record of a member who left is kept, at least. It stays longer while a
    correction may have to reach them."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """Port to listen on."""
    proxies: str = "127.0.0.1,::1"
    """Addresses or networks of proxies in front, with commas: what they say of a request's
    origin is believed (X-Forwarded-For, X-Forwarded-Proto)."""
    site_url: str = ""
    """The site's public address, without a path. Empty: `http://HOST:PORT`."""
    site_check_url: str = ""
    """The address at which notify looks whether a page is live, before it looks at the public one.
    Empty: `varsel up` asks itself, notify alone asks the site's address."""
    site_probe: Annotated[
        str, Field(pattern=r"^(|(\[[0-9A-Fa-f:.]+\]|[^\s/:@\[\]]+)(:\d{1,5})?)$")
    ] = ""
    """A host, or host:port, to connect to for the look at the public address, if this machine
    cannot reach that by its name. Empty: what DNS says."""
    site_name: str = "Varsel"
    """The association's name, as readers know it."""
    theme: Path | None = None
    """A folder with the site's own look: `site.yaml` (name, logo, colours, menu, contact) with its
    pictures, templates and a stylesheet. Empty: what the newsroom says, in Varsel's own look."""
    smtp_url: SecretStr = SecretStr("")
    """The relay: `smtp://user:pass@host:587?starttls=required`. Empty: inbox"""
    mail_from: str = ""
    """Sender's address of all mail. Required if a relay is set."""
    reply_to: str = ""
    """Address that answers to mail go to. Empty: the sender's."""
    postal_address: str = ""
    """The association's postal address, at the foot of each mail."""
    contact: str = ""
    """Whom members can ask, and how, at the foot of each mail: as `Telefon 22 00 00 00`."""
    neutral_subject: bool = False
    """Whether the subject of an alert's mail, and what a locked screen shows of it, say neither
    what it is about nor which medicine."""
    dkim_rsa_key: SecretStr = SecretStr("")
    """RSA key with which each mail is signed (DKIM), as PEM. Empty: no such signature."""
    dkim_rsa_selector: str = "varsel-rsa"
    """Where its public key is in DNS: this name, then `._domainkey.` and the sender's domain. While
    keys change there are several with commas, in the order of the file: all of them sign."""
    dkim_ed25519_key: SecretStr = SecretStr("")
    """The same with an Ed25519 key, which fewer mail hosts know and which costs less."""
    dkim_ed25519_selector: str = "varsel-ed25519"
    """Where that one's public key is."""
    bounce_address: str = ""
    """Where alerts come back to that do not arrive: each with `+` and a token of its own before the
    `@`. Empty: to the sender, and Varsel does not hear of it."""
    bounce_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Port on which notify takes in what comes back there, by SMTP or LMTP. Empty: none."""
    bounce_imap_url: SecretStr = SecretStr("")
    """A mailbox in which what comes back there arrives: `imaps://user:pass@host/INBOX`."""
    secret_key: SecretStr = SecretStr("")
    """Wraps the keys that seal members' data. Empty: made once, as `secret-key` in DATA.
    While it is being changed: the new one on a line, and the former one under it."""
    alert_approvals: Annotated[int, Field(ge=0, le=2)] | None = None
    """Approvals that an alert needs. Empty: 0 with the inbox, 1 once a relay is set."""
    alert_hold: Annotated[float, Field(ge=0, le=86400)] | None = None
    """Seconds in which an approved alert can be stopped before it is published. Empty: 60 if
    alerts need approval, else 0."""
    stale_hours: Annotated[float, Field(gt=0)] = 24.0
    """Hours that a delivery may be unable to start or go on. Then it waits for a person: `varsel
    deliver ID --resume` or `--cancel`."""
    join_letters_per_hour: Annotated[int, Field(ge=1)] = 1000
    """Letters to people who ask to join, and to those at whose address nobody is a member, in an
    hour at most; more of them wait. Nobody is to have us send mail to strangers by the thousand."""
    oidc_issuer: Annotated[str, Field(pattern=r"^(|https?://[^/\s]+[^\s]*)$")] = ""
    """The association's own log-in (OpenID Connect), as it names itself: `https://id.example.org`.
    Empty: staff have passkeys alone."""
    oidc_client_id: str = ""
    """What Varsel is called there; its address to come back to is
    `SITE/redaksjon/inn/konto/svar/`."""
    oidc_client_secret: SecretStr = SecretStr("")
    """What it proves itself with there."""
    oidc_name: str = "foreningens konto"
    """What the newsroom's button for it says, after «Logg inn med»."""
    ping_url: Annotated[SecretStr, AfterValidator(is_http)] = SecretStr("")
    """Told each minute how this process is, as Healthchecks has it: a ping service rings when it
    hears nothing. Empty: none."""
    webhooks: Annotated[tuple[Webhook, ...], NoDecode] = ()
    """Followers that get signed posts: a JSON list of `{"url", "secret"}`, each with
    `"exercises": true` or `"heartbeat": true` if it wants those."""
    websub_hubs: Annotated[tuple[HttpAddress, ...], NoDecode] = ()
    """WebSub hubs to tell of news, as a JSON list of addresses."""

    post_networks: str = ""
    """Networks inside to which a follower's name may lead, with commas: `10.0.0.0/8`. Empty: none,
    so that no change of their DNS leads posts to what is behind our walls."""
    staff_webhook: Annotated[StaffWebhook | None, NoDecode] = None
    """Told, with a signed post, of what people of the staff are to know who have no address: a JSON
    object `{"url", "secret"}`, the url with https."""

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

    @field_validator("redis_url")
    @classmethod
    def _newest(cls, value: str) -> str:
        newest = value.partition("\n")[0].strip()
        sentinel_url(newest)
        return newest

    @field_validator("webhooks", "websub_hubs", mode="before")
    @classmethod
    def _from_json(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value.strip() else []
        except json.JSONDecodeError as error:
            raise ValueError(f"is not JSON: {error}") from None

    @field_validator("staff_webhook", mode="before")
    @classmethod
    def _object_from_json(cls, value: object) -> object:
        return cls._from_json(value) or None

    @field_validator("theme")
    @classmethod
    def _is_a_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("is no folder")
        return value

    @field_validator("site_name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        """It stands in mail headers."""
        return one_line(value)

    @field_validator("postal_address", "contact")
    @classmethod
    def _one_line_or_none(cls, value: str) -> str:
        return one_line(value) if value else value

    @field_validator("secret_key")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr) -> SecretStr:
        """Somebody with a copy of Redis can try secrets as fast as their machines go."""
        if any(len(line) < 32 for line in value.get_secret_value().splitlines()):
            raise ValueError("must have at least 32 characters; `openssl rand -hex 32` makes one")
        return value

    @field_validator("proxies", "post_networks")
    @classmethod
    def _networks(cls, value: str) -> str:
        """A name would be compared with addresses, and never be one."""
        for one in filter(None, map(str.strip, value.split(","))):
            ipaddress.ip_network(one)
        return value

    @field_validator("site_url", "site_check_url")
    @classmethod
    def _without_path(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError("must be an address without a path, as https://varsel.example.org")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _a_relay_needs_a_sender(self) -> Self:
        if self.smtp_url.get_secret_value() and not self.mail_from:
            raise ValueError("VARSEL_MAIL_FROM must be set when VARSEL_SMTP_URL is")
        return self

    @model_validator(mode="after")
    def _real_mail_is_approved(self) -> Self:
        if self.alert_approvals == 0 and is_real_relay(self.smtp_url.get_secret_value()):
            raise ValueError(
                "VARSEL_ALERT_APPROVALS must be 1 or 2 where VARSEL_SMTP_URL names a real relay: "
                "nobody alone may mail all members"
            )
        return self

    @model_validator(mode="after")
    def _what_comes_back_has_an_address(self) -> Self:
        is_heard = self.bounce_port is not None or self.bounce_imap_url.get_secret_value()
        if is_heard and not self.bounce_address:
            raise ValueError(
                "VARSEL_BOUNCE_ADDRESS must be set when VARSEL_BOUNCE_PORT or _IMAP_URL is"
            )
        return self

    @model_validator(mode="after")
    def _a_log_in_knows_us(self) -> Self:
        secret = self.oidc_client_secret.get_secret_value()
        if self.oidc_issuer and not (self.oidc_client_id and secret):
            raise ValueError(
                "VARSEL_OIDC_CLIENT_ID and VARSEL_OIDC_CLIENT_SECRET must be set when "
                "VARSEL_OIDC_ISSUER is"
            )
        return self

    @property
    def site(self) -> str:
        """The site's address without a final slash."""
        return self.site_url or self.own_address

    @property
    def own_address(self) -> str:
        """Where this process itself answers."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def site_check(self) -> str:
        return self.site_check_url or self.site

    @property
    def has_relay(self) -> bool:
        return bool(self.smtp_url.get_secret_value())

    @property
    def sender(self) -> str:
        return self.mail_from or "varsel@localhost.example"

    @property
    def approvals(self) -> int:
        """How many approvals an alert needs before it is published."""
        if self.alert_approvals is not None:
            return self.alert_approvals
        return 1 if self.has_relay else 0

    @property
    def hold(self) -> timedelta:
        """How long an approved alert can be stopped before it is published."""
        if self.alert_hold is not None:
            return timedelta(seconds=self.alert_hold)
        return timedelta(seconds=60 if self.approvals else 0)

    @property
    def redis_folder(self) -> dict[str, Path]:
        """Where the embedded server writes, by `redis`; nothing if Redis is run by others."""
        return {} if self.redis_url else {"redis": self.data}

    @property
    def site_folder(self) -> Path:
        return (self.shared or self.data) / "site"

    @property
    def locks_folder(self) -> Path:
        """Locks of the site's files: beside them, so that they hold between machines."""
        return self.site_folder.with_name("site.locks")

    @property
    def journal_folder(self) -> Path:
        return self.journal or self.data / "journal"

    @property
    def assets_folder(self) -> Path:
        """Pictures: written by ingest under names made from their content, served by render."""
        return (self.shared or self.data) / "assets"
