"""What the emulator hands out of the client: a configuration, and fixtures for pytest."""

from __future__ import annotations

import pytest

from emulator.calling import AWS
from openapi_client.testing import ByokEmulator

pytest_plugins = ["pytester"]


def test_a_configuration_leads_to_the_emulator(emulator: ByokEmulator) -> None:
    """The configuration it hands out works as it is."""
    configuration = emulator.configuration(deadline=5.0)

    assert configuration.host == emulator.url
    assert configuration.username == emulator.api_key
    assert configuration.password == emulator.api_secret
    assert configuration.deadline == 5.0


def test_a_configuration_may_use_a_token(emulator: ByokEmulator) -> None:
    """The configuration uses a token if it is given one."""
    configuration = emulator.configuration(access_token=emulator.access_token)

    assert configuration.access_token == emulator.access_token
    assert configuration.username is None


def test_the_fixtures_give_each_test_an_emulator_as_new(pytester: pytest.Pytester) -> None:
    """The fixtures give each test a working client, and an emulator as new."""
    pytester.makeconftest('pytest_plugins = ["openapi_client.testing.pytest_plugin"]')
    pytester.makepyfile(
        f"""
        import pytest

        urls = set()

        @pytest.mark.parametrize("time", [1, 2])
        def test_each(time, byok_emulator, byok_configuration, byok_api):
            assert byok_emulator.keys == []
            assert byok_emulator.settings.quota == 20
            created = byok_api.create_byok_v1_key({{"key": {AWS!r}}})
            assert [key["id"] for key in byok_emulator.keys] == [created.id]
            byok_emulator.settings.quota = 0
            urls.add(byok_emulator.url)
            assert urls == {{byok_configuration.host}}
        """
    )

    # In a process of its own: pytest forgets what was loaded in one of its own making, and the
    # tests that come later would meet two classes for one model.
    run = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly")
    run.assert_outcomes(passed=2)
