"""`manage.py flush`, for tests only: events and journal cannot be deleted, so the triggers go and come back."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush

from kern import triggers


class Command(Flush):
    """Django's flush around which the triggers are dropped and remade."""

    def handle(self, **options: Any) -> None:
        """Refuse outside tests."""
        if not settings.TESTEN:
            raise CommandError("flush wist gebeurtenissen en grootboek; dat kan alleen in tests.")
        triggers.verwijder_alle()
        super().handle(**options)
        triggers.maak(triggers.modellen())
