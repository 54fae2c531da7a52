"""What is made ready when Django starts."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules


class KernConfig(AppConfig):
    """The package kern."""

    name = "kern"

    def ready(self) -> None:
        """Let everything that registers itself do so."""
        # mails, privacy and uitvoer register themselves: the runner must know the one, the register of acts the other.
        from kern import mails, privacy, triggers, uitvoer  # noqa: F401, PLC0415  models are not there earlier

        # Whoever sends a mail must know who makes the documents that go along (kern/mails.py).
        autodiscover_modules("stukken")
        # Which sheets can be brought back (kern/inlezen/).
        autodiscover_modules("inlezen")
        pre_migrate.connect(triggers.voor_migratie, dispatch_uid="kern.triggers")
        post_migrate.connect(triggers.na_migratie, dispatch_uid="kern.triggers")
