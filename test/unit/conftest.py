"""What the tests of the modules share."""

from collections.abc import Callable, Mapping

import pytest
import urllib3

from openapi_client.rest import RESTResponse

MakeAnswer = Callable[..., RESTResponse]


@pytest.fixture
def answer() -> MakeAnswer:
    """Makes an answer as the transport gives it, its body read."""

    def make(
        status: int = 400,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        reason: str | None = None,
    ) -> RESTResponse:
        response = urllib3.HTTPResponse(body, headers or {}, status, reason=reason)
        made = RESTResponse(response)
        made.data = body
        return made

    return make
