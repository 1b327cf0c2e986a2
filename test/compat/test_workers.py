"""Clients and models go to the worker processes of job queues and clusters."""

from __future__ import annotations

import pytest

from openapi_client.testing import ByokEmulator

from .conftest import RunProgram

_CELERY = """
    import os, subprocess, sys
    from celery import Celery
    from openapi_client import ApiClient, KeysByokV1Api

    app = Celery("mine", broker="filesystem://", backend="file://" + os.getcwd())
    app.conf.broker_transport_options = {
        name: os.getcwd() for name in ("data_folder_in", "data_folder_out", "control_folder")
    }
    api = KeysByokV1Api(ApiClient())
    # The parent of the workers has a connection open when it forks.
    assert len(api.list_byok_v1_keys().data) == 3
    loaded_in = os.getpid()

    @app.task(name="count")
    def count():
        return os.getpid() != loaded_in, len(api.list_byok_v1_keys(_request_timeout=30).data)

    if sys.argv[1:] == ["worker"]:
        app.worker_main([
            "worker", "--pool=prefork", "--concurrency=2", "--loglevel=ERROR",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ])
    else:
        worker = subprocess.Popen([sys.executable, __file__, "worker"], stdout=subprocess.DEVNULL)
        try:
            tasks = [count.delay() for _ in range(20)]
            print(*{tuple(task.get(timeout=90)) for task in tasks})
        finally:
            worker.terminate()
            worker.wait(30)
"""


def test_celery(run_program: RunProgram, emulator: ByokEmulator) -> None:
    """A client made, and used, before celery forks serves the tasks of each of its processes."""
    pytest.importorskip("celery")
    emulator.seed(3)
    assert run_program(_CELERY, C_FORCE_ROOT="1").strip() == "(True, 3)"


_JOBLIB = """
    import os
    from joblib import Parallel, delayed
    from openapi_client import ApiClient, KeysByokV1Api

    if __name__ == "__main__":
        with ApiClient() as client:
            api = KeysByokV1Api(client)
            ids = [key.id for key in api.list_byok_v1_keys().data]
            for backend in ("loky", "multiprocessing", "threading"):
                tasks = (delayed(api.get_byok_v1_key)(id) for id in ids)
                keys = Parallel(n_jobs=2, backend=backend)(tasks)
                assert [key.id for key in keys] == ids
                print(backend)
"""


def test_joblib(run_program: RunProgram, emulator: ByokEmulator) -> None:
    """The bound method of an API goes to joblib's processes, and keys come back."""
    pytest.importorskip("joblib")
    emulator.seed(4)
    assert run_program(_JOBLIB).split() == ["loky", "multiprocessing", "threading"]
    assert len(emulator.requests) == 1 + 3 * 4


_DASK = """
    import dask
    from distributed import Client, LocalCluster
    from openapi_client import ApiClient, ApiException, KeysByokV1Api

    def status(api, id):
        try:
            api.get_byok_v1_key(id)
        except ApiException as error:
            raise error

    if __name__ == "__main__":
        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
            host="127.0.0.1",
        ) as cluster, Client(cluster) as dask_client, ApiClient() as client:
            api = KeysByokV1Api(client)
            ids = [key.id for key in api.list_byok_v1_keys().data]
            keys = dask_client.gather(dask_client.map(api.get_byok_v1_key, ids))
            assert [key.id for key in keys] == ids
            error = dask_client.submit(status, api, "absent").exception()
            print(type(error).__name__, error.status)
"""


def test_dask(run_program: RunProgram, emulator: ByokEmulator) -> None:
    """An API goes to Dask's workers; keys come back, and so do exceptions with their facts."""
    pytest.importorskip("distributed")
    emulator.seed(4)
    assert run_program(_DASK).split() == ["NotFoundException", "404"]
