"""Programs that a test starts and whose coverage is not measured."""

import os


def unmeasured_environment() -> dict[str, str]:
    """The environment of this process, without what lets programs measure their coverage."""
    return {name: os.environ[name] for name in os.environ if not name.startswith("COVERAGE_")}
