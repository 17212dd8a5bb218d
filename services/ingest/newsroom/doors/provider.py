"""An association's own log-in, asked by OpenID Connect: the code flow with PKCE.

Nothing is asked but who it is (`openid`): neither name nor address. What the provider says is
believed if it is signed by one of its keys, for us, in answer to what was asked.
"""

import time
import warnings
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.deprecate import AuthlibDeprecationWarning
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.settings import Settings

warnings.filterwarnings("ignore", category=AuthlibDeprecationWarning)  # of another HTTP library
from authlib.common.errors import AuthlibBaseError  # noqa: E402
from authlib.integrations.httpx_client import AsyncOAuth2Client  # noqa: E402
from authlib.oidc.core import CodeIDToken  # noqa: E402

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Those of a key pair: somebody who knows only what is public can sign nothing."""
_KNOWN_SECONDS = 60 * 60
"""What the provider says of itself is asked again after so long."""
_TIMEOUT_SECONDS = 10.0
_LEEWAY_SECONDS = 60


class ProviderAway(Exception):
    """The provider does not answer, or not as one."""


class ProviderRefused(Exception):
    """What it says is not true, or no answer to what was asked."""


@dataclass(frozen=True)
class LogInQuestion:
    """What belongs to one question; the three are secrets of the visitor's browser and ours."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """Its methods raise ProviderAway."""

    def __init__(self, settings: Settings, callback: str) -> None:
        self.issuer = settings.oidc_issuer
        self._id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret.get_secret_value()
        self._callback = callback
        self._known: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._known_until = 0.0

    async def address(self, asking: LogInQuestion) -> str:
        """Where the visitor's browser goes to log in."""
        await self._know()
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                self._known["authorization_endpoint"],
                state=asking.state,
                nonce=asking.nonce,
                code_verifier=asking.verifier,
            )
        return str(url)

    async def subject(self, asking: LogInQuestion, code: str) -> str:
        """Who came back with this code. ProviderRefused if that cannot be believed."""
        await self._know()
        try:
            async with self._client() as client:
                token = await client.fetch_token(
                    self._known["token_endpoint"], code=code, code_verifier=asking.verifier
                )
            return self._believed(token, asking.nonce)
        except httpx.HTTPError as error:
            raise ProviderAway(type(error).__name__) from error
        except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as error:
            self._known_until = 0  # its keys may have changed
            raise ProviderRefused(type(error).__name__) from error

    def _believed(self, token: dict[str, Any], nonce: str) -> str:
        assert self._keys is not None
        decoded = jwt.decode(token["id_token"], self._keys, algorithms=_ALGORITHMS)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._id},
                "nonce": {"essential": True, "value": nonce},
            },
            {"nonce": nonce, "client_id": self._id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=_LEEWAY_SECONDS)
        return str(claims["sub"])

    async def _know(self) -> None:
        if time.monotonic() < self._known_until:
            return
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as http:
                known = (await http.get(address)).raise_for_status().json()
                keys = (await http.get(known["jwks_uri"])).raise_for_status().json()
            if known["issuer"] != self.issuer:
                raise ValueError("another issuer")
            self._keys = KeySet.import_key_set(keys)
        except (httpx.HTTPError, JoseError, KeyError, TypeError, ValueError) as error:
            raise ProviderAway(type(error).__name__) from error
        self._known = known
        self._known_until = time.monotonic() + _KNOWN_SECONDS

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self._id,
            self._secret,
            scope="openid",
            redirect_uri=self._callback,
            code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS,
        )
