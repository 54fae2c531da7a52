"""`manage.py start`: a running loket on this machine: database, demo data, server and outbox runner in one."""

import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from portaal.demo_accounts import ACCOUNTS, WACHTWOORD


class Command(BaseCommand):
    """Prepare what is missing, then serve until Ctrl-C; the runner of the outbox ends with the server."""

    help = "Start het loket op deze machine, met voorbeeldgegevens als de databank leeg is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --poort and --zonder-demo."""
        parser.add_argument("--poort", type=int, default=8000)
        parser.add_argument("--zonder-demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare and serve."""
        self._eis_vrije_poort(options["poort"])
        settings.GEGEVENSMAP.mkdir(parents=True, exist_ok=True)
        self.stdout.write("Databank klaarmaken ...")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not options["zonder_demo"]:
            call_command("demo")
        connection.close()
        self._bedien(options["poort"], demo=not options["zonder_demo"])

    def _eis_vrije_poort(self, poort: int) -> None:
        with socket.socket() as proef:
            proef.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                proef.bind(("127.0.0.1", poort))
            except OSError:
                raise CommandError(
                    f"Poort {poort} is bezet. Stop wat daar draait, of kies een andere: manage.py start --poort 8001"
                ) from None

    def _bedien(self, poort: int, *, demo: bool) -> None:
        omgeving = {**os.environ, "DEMO": "1" if demo else "0"}
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(poort)]
        server += ["--workers", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
        server += ["portaal.wsgi:application"]
        werker = [sys.executable, str(settings.BASIS / "manage.py"), "werk"]
        processen = [subprocess.Popen(opdracht, env=omgeving, cwd=settings.BASIS) for opdracht in (server, werker)]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        self.stdout.write(f"\nHet loket draait op http://127.0.0.1:{poort} (stoppen: Ctrl-C)")
        if demo:
            self.stdout.write(f"Proefaccounts, allemaal met wachtwoord {WACHTWOORD}:")
            for email, _, _, rol, _ in ACCOUNTS:
                self.stdout.write(f"  {rol:22} {email}")
        self.stdout.flush()
        try:
            while all(proces.poll() is None for proces in processen):
                time.sleep(0.5)
            raise CommandError("De server of de werker is gestopt; hierboven staat waarom.")
        except KeyboardInterrupt:
            pass
        finally:
            self._stop(processen)

    def _stop(self, processen: list[subprocess.Popen[bytes]]) -> None:
        for proces in processen:
            if proces.poll() is None:
                proces.terminate()
        for proces in processen:
            try:
                proces.wait(timeout=10)
            except subprocess.TimeoutExpired:
                proces.kill()
