"""`manage.py werk`: the runner of the outbox."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from kern import outbox


class Command(BaseCommand):
    """Works off the outbox until it is told to stop (SIGTERM, Ctrl-C) or, with --eenmaal, until it is empty."""

    help = "Werkt de uitgaande berichten af."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --eenmaal."""
        parser.add_argument("--eenmaal", action="store_true", help="stop zodra er niets meer te doen is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        if options["eenmaal"]:
            self.stdout.write(f"{outbox.werk_alles_af()} uitgaande berichten afgewerkt")
            return
        stop = threading.Event()
        for sein in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sein, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            if not outbox.werk_een_af():
                stop.wait(1)
