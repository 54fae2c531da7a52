"""Choose the database of a test run, before pytest-django reads the settings (a conftest.py would be too late).

`TESTDB=sqlite` (or nothing) takes a file in a temporary folder, `TESTDB=postgres` starts a server for this run, or
takes the one that `TESTDB_URL` names. The settings get it as `DATABASE_URL`; files go to a temporary `GEGEVENSMAP`.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.pgserver import GeenPostgres, PgServer


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Set the environment; as a wrapper this runs before the same hook of pytest-django."""
    werker = os.environ.get("PYTEST_XDIST_WORKER")
    if werker:
        # The controller has chosen the database and starts and stops it; only the files are a worker's own.
        os.environ["GEGEVENSMAP"] = str(Path(os.environ["GEGEVENSMAP"]) / werker)
    else:
        _kies(early_config)
    return (yield)


def pytest_report_header() -> str:
    """Show which database is being tested."""
    return f"databank: {os.environ['DATABASE_URL']}"


def _kies(config: pytest.Config) -> None:
    testdb = os.environ.get("TESTDB") or "sqlite"
    if testdb not in {"sqlite", "postgres"}:
        raise pytest.UsageError(f"TESTDB={testdb} is onbekend: kies sqlite of postgres.")
    werkmap = Path(tempfile.mkdtemp(prefix="oproepenloket-test-"))
    config.add_cleanup(lambda: shutil.rmtree(werkmap, ignore_errors=True))
    os.environ["GEGEVENSMAP"] = str(werkmap / "gegevens")
    if testdb == "sqlite":
        # A file, never in memory: concurrent transactions on an in-memory database lock each other out.
        os.environ["DATABASE_URL"] = f"sqlite:///{werkmap / 'test.sqlite3'}"
    else:
        os.environ["DATABASE_URL"] = os.environ.get("TESTDB_URL") or _start_postgres(config)
        if not os.environ["DATABASE_URL"].startswith(("postgres://", "postgresql://")):
            raise pytest.UsageError("TESTDB_URL moet met postgres:// beginnen.")


def _start_postgres(config: pytest.Config) -> str:
    try:
        server = PgServer()
        config.add_cleanup(server.stop)
        return server.start()
    except GeenPostgres as fout:
        raise pytest.UsageError(f"PostgreSQL voor de tests: {fout}") from fout
