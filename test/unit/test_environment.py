"""Credentials and host of the environment: asked for, or for a client without settings."""

import logging
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType

import pytest

from openapi_client import ApiValueError, Configuration

_POOL = "CONFLUENT_CLOUD_IDENTITY_POOL_ID"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin with nothing in the environment, and leave no default configuration behind."""
    for name in ("API_KEY", "API_SECRET", "ENDPOINT", "IDENTITY_POOL_ID"):
        monkeypatch.delenv(f"CONFLUENT_CLOUD_{name}", raising=False)
    Configuration.set_default(None)
    yield
    Configuration.set_default(None)


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> list[Configuration]:
    """Put a source of identities in place of the real one, and note for which settings it is asked.

    It knows none for the pool ``unknown``, and finds ``half`` to be incomplete.
    """
    asked: list[Configuration] = []

    def provider(configuration: Configuration, environ: Mapping[str, str]) -> object:
        asked.append(configuration)
        pool = environ[_POOL]
        if pool == "half":
            raise ApiValueError(f"{_POOL} is set, and no token")
        return None if pool == "unknown" else lambda: f"token-of-{pool}"

    module = ModuleType("environment")
    vars(module)["provider_from_environment"] = provider
    monkeypatch.setitem(sys.modules, "openapi_client.auth.environment", module)
    return asked


def _set(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"CONFLUENT_CLOUD_{name}", value)


def _token(configuration: Configuration) -> str:
    (setting,) = configuration.auth_settings().values()
    return setting["value"]


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job finds its credentials and its host; what is passed wins over what is found."""
    monkeypatch.setenv("CONFLUENT_CLOUD_API_KEY", "id")
    monkeypatch.setenv("CONFLUENT_CLOUD_API_SECRET", "s3cret")
    found = Configuration.from_env()
    assert (found.username, found.password) == ("id", "s3cret")
    assert found.host == "https://api.confluent.cloud"
    monkeypatch.setenv("CONFLUENT_CLOUD_ENDPOINT", "https://api.test/api/")
    assert Configuration.from_env(deadline=5).deadline == 5
    assert Configuration.from_env().host == "https://api.test/api"
    unset = Configuration.from_env(host=None, username=None, password=None, access_token=None)
    assert (unset.host, unset.username) == ("https://api.test/api", "id")
    assert unset.password == "s3cret"
    own = Configuration.from_env(host="https://own.test", username="u", password="p")
    assert (own.host, own.username, own.password) == ("https://own.test", "u", "p")
    bearer = Configuration.from_env(access_token="t")
    assert (bearer.username, bearer.password, bearer.access_token) == (None, None, "t")


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("name", ["CONFLUENT_CLOUD_API_KEY", "CONFLUENT_CLOUD_API_SECRET"])
def test_environment_without_credentials(
    name: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that lacks half of its API key is told which variable is not set."""
    monkeypatch.setenv("CONFLUENT_CLOUD_API_KEY", "id")
    monkeypatch.setenv("CONFLUENT_CLOUD_API_SECRET", "s3cret")
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(ApiValueError, match=f"{name} is not set"):
        Configuration.from_env()


def test_environment_without_anything() -> None:
    """A job without credentials of any kind learns which there could be."""
    told = "^CONFLUENT_CLOUD_API_KEY is not set in the environment, nor is "
    with pytest.raises(ApiValueError, match=f"{told}{_POOL}$"):
        Configuration.from_env()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("API_KEY", "s3cret:x", "no colon"),
        ("API_SECRET", "s3cret\n", "control characters"),
        ("ENDPOINT", "https://u:s3cret@api.test", "no user name or password"),
    ],
)
def test_a_refusal_names_the_variable(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong in the environment is not blamed on a setting that nobody set."""
    _set(monkeypatch, API_KEY="id", API_SECRET="secret")
    _set(monkeypatch, **{name: value})
    for find in (Configuration.from_env, Configuration.for_new_client):
        with pytest.raises(ApiValueError, match=f"^CONFLUENT_CLOUD_{name} .*{told}") as caught:
            find()
        assert "s3cret" not in str(caught.value)


def test_an_identity(providers: list[Configuration], monkeypatch: pytest.MonkeyPatch) -> None:
    """A job without an API key uses its workload identity, with the settings that it was given."""
    _set(monkeypatch, IDENTITY_POOL_ID="pool-1", ENDPOINT="https://api.test")
    found = Configuration.from_env(deadline=5)
    assert _token(found) == "Bearer token-of-pool-1"
    assert (found.host, found.deadline, found.username) == ("https://api.test", 5.0, None)
    assert providers == [found]
    assert Configuration.from_env(access_token="own").access_token == "own"
    assert providers == [found]
    _set(monkeypatch, IDENTITY_POOL_ID="unknown")
    with pytest.raises(ApiValueError, match=_POOL):
        Configuration.from_env()
    _set(monkeypatch, IDENTITY_POOL_ID="half")
    with pytest.raises(ApiValueError, match="and no token"):
        Configuration.from_env()


def test_an_api_key_before_an_identity(
    providers: list[Configuration], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where both are there, the API key is used; half of one is told, not passed over."""
    _set(monkeypatch, IDENTITY_POOL_ID="pool-1", API_KEY="id", API_SECRET="secret")
    for found in (Configuration.from_env(), Configuration.for_new_client()):
        assert (found.username, found.password, found.access_token) == ("id", "secret", None)
    monkeypatch.delenv("CONFLUENT_CLOUD_API_SECRET")
    with pytest.raises(ApiValueError, match="API_SECRET is not set"):
        Configuration.from_env()
    monkeypatch.delenv("CONFLUENT_CLOUD_API_KEY")
    with pytest.raises(ApiValueError, match="API_SECRET is not set"):
        Configuration.from_env(username="id")
    assert providers == []


def test_a_client_without_settings(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A client without settings looks for an API key each time, and keeps the first it finds."""
    caplog.set_level(logging.INFO, "openapi_client")
    bare = Configuration.for_new_client()
    assert bare is Configuration.get_default()
    _set(monkeypatch, ENDPOINT="https://alone.test", API_KEY="id")
    assert Configuration.for_new_client() is bare
    assert bare.host == "https://api.confluent.cloud"
    assert caplog.records == []
    _set(monkeypatch, API_SECRET="s3cret")
    found = Configuration.for_new_client()
    assert (found.host, found.username) == ("https://alone.test", "id")
    assert found.password == "s3cret"
    (record,) = caplog.records
    assert record.getMessage() == (
        "using the credentials in CONFLUENT_CLOUD_API_KEY and CONFLUENT_CLOUD_API_SECRET "
        "of the environment"
    )
    _set(monkeypatch, API_KEY="other")
    assert Configuration.for_new_client() is found is Configuration.get_default()
    assert len(caplog.records) == 1


def test_a_client_without_settings_has_an_identity(
    providers: list[Configuration], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no API key, it acts as the workload that it is; an incomplete one is none."""
    _set(monkeypatch, ENDPOINT="https://api.test", API_KEY="alone")
    for pool in ("unknown", "half"):
        _set(monkeypatch, IDENTITY_POOL_ID=pool)
        assert Configuration.for_new_client() is Configuration.get_default()
        assert vars(Configuration.get_default()) == {}
    _set(monkeypatch, IDENTITY_POOL_ID="pool-1")
    found = Configuration.for_new_client()
    assert _token(found) == "Bearer token-of-pool-1"
    assert found.host == "https://api.test"
    assert len(providers) == 3


def test_what_the_program_chose_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A default that was set, or the shared one where it was changed, stays what it is."""
    _set(monkeypatch, API_KEY="id", API_SECRET="secret")
    chosen = Configuration()
    Configuration.set_default(chosen)
    assert Configuration.for_new_client() is chosen
    Configuration.set_default(None)
    Configuration.get_default().access_token = "own"
    assert _token(Configuration.for_new_client()) == "Bearer own"
