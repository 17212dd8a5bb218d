"""What a browser is asked to have an authenticator do, and whether its answer is true. Pure.

A passkey is bound to the site's host (WebAuthn: the RP id), and browsers make none for an address
of digits. User verification is required each time: a passkey is all that lets its holder in.
"""

import ipaddress
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.generate_authentication_options import generate_authentication_options
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.generate_registration_options import generate_registration_options

from shared.passkeys.challenges import LIFE_SECONDS

FOR_BROWSERS = Path(__file__).parent / "browser"
"""What runs in a visitor's browser: simplewebauthn.js, then passkey.js."""


class PasskeyRefused(ValueError):
    """A browser's answer that is not true, or not one."""


@dataclass(frozen=True)
class Passkey:
    """What is kept of a passkey: nothing in it is secret."""

    id: str
    """The credential's id, as base64url."""
    public_key: str
    """As COSE, in base64url."""
    count: int
    """How often the authenticator says that it was used; many always say 0."""
    is_synced: bool
    """Whether it is kept by more than one device, as iCloud and Google do."""


class Ceremonies:
    """The ceremonies of the site with this public address, which people know by the name that
    `name` gives."""

    def __init__(self, site: str, name: Callable[[], str]) -> None:
        self._site = site
        self._host = urlsplit(site).hostname or ""
        self._name = name

    @property
    def can_be(self) -> bool:
        """Whether browsers make passkeys at the site's address."""
        parts = urlsplit(self._site)
        try:
            ipaddress.ip_address(self._host)
        except ValueError:
            local = self._host == "localhost" or self._host.endswith(".localhost")
            return parts.scheme == "https" or local
        return False

    def to_make(
        self, challenge: bytes, *, handle: bytes, name: str, has: Sequence[str] = ()
    ) -> str:
        """What the browser is asked, as JSON, to make a passkey of a person. `handle` is what the
        authenticator knows them by: 1 to 64 bytes that say nothing of who they are. `name` is shown
        beside the passkey; `has` are the ids of those that they have."""
        options = generate_registration_options(
            rp_id=self._host,
            rp_name=self._name(),
            user_id=handle,
            user_name=name,
            challenge=challenge,
            timeout=LIFE_SECONDS * 1000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(i)) for i in has],
        )
        return options_to_json(options)

    def made(self, answer: str, challenge: bytes) -> Passkey:
        """The passkey that the browser says was made for this challenge. PasskeyRefused if that is
        not true."""
        try:
            found = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._site,
                require_user_verification=True,
            )
        except Exception as error:  # the library's own, and what malformed CBOR and keys raise
            raise PasskeyRefused("no passkey was made") from error
        return Passkey(
            bytes_to_base64url(found.credential_id),
            bytes_to_base64url(found.credential_public_key),
            found.sign_count,
            found.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        )

    def to_log_in(self, challenge: bytes) -> str:
        """What the browser is asked, as JSON, to log in whoever has a passkey of the site."""
        return options_to_json(
            generate_authentication_options(
                rp_id=self._host,
                challenge=challenge,
                timeout=LIFE_SECONDS * 1000,
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )

    def used(self, answer: str, challenge: bytes, passkey: Passkey) -> int:
        """The passkey's count from now on. PasskeyRefused if the answer is not of this passkey, for
        this challenge."""
        try:
            found = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._site,
                credential_public_key=base64url_to_bytes(passkey.public_key),
                credential_current_sign_count=passkey.count,
                require_user_verification=True,
            )
        except Exception as error:  # as in `made`
            raise PasskeyRefused("this is not the passkey") from error
        if bytes_to_base64url(found.credential_id) != passkey.id:
            raise PasskeyRefused("another passkey")
        return found.new_sign_count


@dataclass(frozen=True)
class BrowserAnswer:
    """What a browser's answer says of itself; nothing of it is checked."""

    id: str
    """The passkey's."""
    challenge: bytes
    handle: str = ""
    """What the authenticator knows its holder by, in base64url."""

    @classmethod
    def of(cls, answer: str) -> "BrowserAnswer":
        """PasskeyRefused if it says nothing."""
        try:
            found = json.loads(answer)
            said = json.loads(base64url_to_bytes(found["response"]["clientDataJSON"]))
            handle = str(found["response"].get("userHandle") or "")
            return cls(str(found["id"]), base64url_to_bytes(said["challenge"]), handle)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise PasskeyRefused("this is no answer of a browser") from error
