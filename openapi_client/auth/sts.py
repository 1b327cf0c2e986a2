"""Bearer tokens from Confluent's security token service."""

import copy
import os
import threading
from typing import Any

from pydantic import Field, StrictInt

from .. import _checks
from .._core.logging import logger
from .._core.secrets import Secret, conceal
from .._pipeline import credentials
from .._pipeline.call import Call
from ..api_client import ApiClient
from ..configuration import Configuration
from ..exceptions import ApiResponseException, OpenApiException
from ..models._base import Model
from ..models._fields import Str
from .subject_tokens import SubjectToken, SubjectTokenSource, required_text

_MAX_LIFETIME = 900
_URN = "urn:ietf:params:oauth"
_RENEWAL_MARGIN = 60.0
"""Seconds before it expires at which a token is renewed; half its lifetime where that is less."""
_RENEWAL_RETRY = 10.0
"""Seconds after which a renewal that failed is tried again, while the token is still good."""
_LONG_AGO = float("-inf")


class _Token(Model):
    access_token: Str = Field(repr=False)
    token_type: Str | None = None
    expires_in: StrictInt | None = None


class StsTokenProvider:
    """Exchanges the token of an identity provider for one of Confluent's, and keeps it fresh.

    It is made to be the ``access_token`` of a ``Configuration``, and may be shared by any number
    of clients and threads. A token is kept until shortly before it expires, and replaced by one
    thread while others wait; where the service refuses one all the same, the call is tried once
    more with a new one. Copies, also those in other processes, get tokens of their own.

    Args:
        identity_pool_id: The identity pool to act in.
        subject_token: The token (JWT) of the identity provider; or a function that gives one and
            is called for each exchange; or the path of a file that holds one, as a
            ``pathlib.Path``, which is read for each exchange.
        configuration: The settings for the exchange: host, timeouts, retries, proxy, TLS. Its
            credentials are not used. ``Configuration.get_default()`` by default.
        expires_in: Seconds that a token shall be good for, from 1 to 900; the default is 900.
    """

    def __init__(
        self,
        identity_pool_id: str,
        subject_token: SubjectToken,
        *,
        configuration: Configuration | None = None,
        expires_in: int = _MAX_LIFETIME,
    ) -> None:
        self._pool = required_text("identity_pool_id", identity_pool_id)
        if not isinstance(subject_token, SubjectTokenSource):
            subject_token = SubjectTokenSource(subject_token)
        self._subject: SubjectTokenSource = subject_token
        self._lifetime = _checks.integer("expires_in", expires_in, least=1, most=_MAX_LIFETIME)
        settings = copy.copy(configuration or Configuration.get_default())
        settings.username = settings.password = settings.access_token = None
        self.api_client: ApiClient = ApiClient(settings)
        """The client that makes the exchange."""
        self._reset()

    def __call__(self) -> str:
        """A token that is good for now.

        Raises ``ApiException`` where the exchange fails, ``ApiValueError`` where there is no
        subject token, or one that has expired.
        """
        if self._process != os.getpid():
            self._reset()  # A fork may have copied the lock while it was held.
        failure = self._failure
        with self._lock:
            if self.api_client.clock.monotonic() >= self._renew_at:
                if self._failure and self._failure is not failure:
                    # An exchange failed while this thread waited: another one would take as long.
                    raise copy.copy(self._failure)
                self._renew()
            return self._token

    def invalidate(self, token: str) -> None:
        """Never give this token again: the service refused it."""
        with self._lock:
            if token == self._token:
                self._renew_at = self._good_until = _LONG_AGO

    def __repr__(self) -> str:
        return f"StsTokenProvider({self._pool!r})"

    def __getstate__(self) -> dict[str, Any]:
        kept = ("_pool", "_subject", "_lifetime", "api_client")
        return {name: vars(self)[name] for name in kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._reset()

    def _reset(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._token = Secret()
        self._renew_at = self._good_until = _LONG_AGO
        self._failure: OpenApiException | None = None

    def _renew(self) -> None:
        clock = self.api_client.clock
        began = clock.monotonic()
        try:
            self._token, lifetime = self._exchange()
        except OpenApiException as error:  # Also of a token file that cannot be read just now.
            now = clock.monotonic()
            if now >= self._good_until:
                # Not itself: its traceback would keep the frames that hold the subject token.
                self._failure = copy.copy(error)
                raise
            logger.warning("the access token could not be renewed yet: %s", error)
            self._renew_at = min(now + _RENEWAL_RETRY, self._good_until)
        else:
            self._good_until = began + lifetime
            self._renew_at = began + max(lifetime - _RENEWAL_MARGIN, lifetime / 2)

    def _exchange(self) -> tuple[Secret, float]:
        """A new token, and the seconds that it is good for."""
        try:
            answer = self.api_client.execute(self._call())
        except ApiResponseException as error:
            error.body = None  # It may hold a token, and so may the exception that caused this.
            raise error from None
        token = conceal(getattr(answer.data, "access_token", None))
        if not isinstance(token, Secret) or not token:
            reason = "the token service answered without a token"
            failure = ApiResponseException(reason=reason, http_resp=answer)
            failure.attempts = tuple(answer.attempts)
            raise failure
        lifetime = getattr(answer.data, "expires_in", None)
        return token, lifetime if isinstance(lifetime, int) else self._lifetime

    def _call(self) -> Call[Any]:
        form = {
            "grant_type": f"{_URN}:grant-type:token-exchange",
            "subject_token": self._subject(),
            "subject_token_type": f"{_URN}:token-type:jwt",
            "requested_token_type": f"{_URN}:token-type:access_token",
            "identity_pool_id": self._pool,
            "expires_in": str(self._lifetime),
        }
        settings = self.api_client.configuration
        if not settings.allow_insecure_http:
            credentials.refuse_in_the_clear(settings.host, form, ["subject_token"])
        return Call(
            method="POST",
            path="/sts/v1/oauth2/token",
            path_params={},
            returns=_Token,
            form=tuple(form.items()),
            options={},
            is_idempotent=True,
        )
