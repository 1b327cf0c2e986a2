"""Workload identity as the environment describes it."""

from collections.abc import Mapping
from pathlib import Path

from ..configuration import Configuration
from ..exceptions import ApiValueError
from .sts import StsTokenProvider
from .subject_tokens import SubjectTokenSource

_POOL = "CONFLUENT_CLOUD_IDENTITY_POOL_ID"
_FILE = "CONFLUENT_CLOUD_IDENTITY_TOKEN_FILE"
_TOKEN = "CONFLUENT_CLOUD_IDENTITY_TOKEN"


def provider_from_environment(
    configuration: Configuration, environ: Mapping[str, str]
) -> StsTokenProvider | None:
    """A provider of tokens for the identity in the environment; ``None`` where there is none.

    It takes ``CONFLUENT_CLOUD_IDENTITY_POOL_ID`` with ``CONFLUENT_CLOUD_IDENTITY_TOKEN_FILE``,
    which is read anew for each exchange, or else with ``CONFLUENT_CLOUD_IDENTITY_TOKEN``. The
    exchange goes to the host of ``configuration``, over its proxy, as its other settings say.

    Raises ``ApiValueError``, which names the variables, for a pool without a token.
    """
    pool, file, token = (environ.get(name, "").strip() for name in (_POOL, _FILE, _TOKEN))
    if not pool:
        return None
    if file:
        source = SubjectTokenSource(Path(file), _FILE)
    elif token:
        source = SubjectTokenSource(token, _TOKEN)
    else:
        raise ApiValueError(f"{_POOL} is set, and neither {_FILE} nor {_TOKEN} is")
    return StsTokenProvider(pool, source, configuration=configuration)
