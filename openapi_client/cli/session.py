"""The client of a command: its settings, the time that it has, and what becomes of failures."""

from argparse import Namespace
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from typing_extensions import override

from .._core.attempts import Attempt
from .._pipeline.history import outcome_of
from .._version import __version__
from ..api.keys_byok_v1_api import KeysByokV1Api
from ..api_client import ApiClient
from ..configuration import Configuration
from ..exceptions import OpenApiException
from ..rest import RESTResponse
from ..retry import is_ambiguous
from .commands import PROGRAM
from .console import Console
from .exit_codes import CommandError, ExitCode
from .failures import FIND_OUT, command_error
from .progress import Progress, TickingClock


class _Client(ApiClient):
    """Knows whether a write has gone out whose outcome is not known yet."""

    unsettled: bool = False

    @override
    def call_api(self, method: str, *args: Any, **kwargs: Any) -> RESTResponse:
        """One attempt, and what it leaves open."""
        was_unsettled = self.unsettled
        is_write = method != "GET"
        self.unsettled = was_unsettled or is_write
        response = super().call_api(method, *args, **kwargs)
        is_success = 200 <= response.status <= 299
        if is_write and not is_success and not is_ambiguous("POST", outcome_of(response, None)):
            # This attempt did nothing. What an earlier one did only these two tell.
            self.unsettled = was_unsettled and response.status not in {404, 409}
        return response


class Session:
    """What a command works with."""

    def __init__(self, client: _Client, console: Console, options: Namespace) -> None:
        self._client = client
        self._timeout: float = options.timeout
        self._api = KeysByokV1Api(client)
        self.progress: Progress = Progress(console)
        client.clock = TickingClock(console, self.progress)
        self.begin("")

    def begin(self, task: str) -> None:
        """Begin a task that has a time limit of its own, such as ``the registration of X``."""
        self._task = task
        self._client.unsettled = False
        self._end = self._client.clock.monotonic() + self._timeout

    @property
    def time_left(self) -> float:
        """The seconds that the task still has. Raises ``CommandError`` where there are none."""
        left = self._end - self._client.clock.monotonic()
        if left <= 0:
            raise CommandError(
                ExitCode.TRY_AGAIN,
                f"{self._timeout:g} seconds have passed: give a longer --timeout",
            )
        return left

    @property
    def api(self) -> KeysByokV1Api:
        """The API, whose calls end in the time that is left."""
        self.limit()
        return self._api

    def limit(self) -> None:
        """Let the calls that follow end in the time that is left."""
        self._client.configuration.deadline = self.time_left

    @contextmanager
    def guarded(self) -> Generator[None, None, None]:
        """Failures of the client in here, and Ctrl-C, become ``CommandError``."""
        try:
            yield
        except OpenApiException as error:
            raise command_error(error) from error
        except KeyboardInterrupt:
            raise CommandError(ExitCode.INTERRUPTED, self._interrupted()) from None

    def _interrupted(self) -> str:
        if not self._client.unsettled:
            return "interrupted"
        return f"interrupted: the outcome of {self._task} is unknown; {FIND_OUT}"


@contextmanager
def open_session(options: Namespace, console: Console) -> Generator[Session, None, None]:
    """A client for one command; its failures become ``CommandError``."""
    try:
        client = _Client(Configuration.from_env(**_settings(options, console)))
    except OpenApiException as error:
        raise command_error(error) from error
    with client:
        session = Session(client, console, options)
        with session.guarded():
            yield session


def _settings(options: Namespace, console: Console) -> Mapping[str, Any]:
    """The settings that the arguments choose; what they leave open is left to the environment."""
    given = {
        "host": options.endpoint,
        "proxy": options.proxy,
        "ssl_ca_cert": options.ca_file,
        "on_attempt": _report_attempts(console) if options.verbose else None,
        "user_agent_suffix": f"{PROGRAM}/{__version__}",
    }
    return {name: value for name, value in given.items() if value is not None}


def _report_attempts(console: Console) -> Any:
    def tell(attempt: Attempt) -> None:
        what = attempt.status or attempt.error
        wait = "" if attempt.wait is None else f", again in {attempt.wait:.1f} s"
        request = f", request {attempt.request_id}" if attempt.request_id else ""
        console.note(
            f"{attempt.method} {attempt.path}: {what} after {attempt.duration:.2f} s{request}{wait}"
        )

    return tell
