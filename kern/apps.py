from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class KernConfig(AppConfig):
    name = "kern"

    def ready(self) -> None:
        # mails and privacy register themselves: the runner must know the one, the register of acts the other.
        from kern import mails, privacy, triggers  # noqa: F401

        # Whoever sends a mail must know who makes the documents that go along (kern/mails.py).
        autodiscover_modules("stukken")
        post_migrate.connect(triggers.na_migratie, dispatch_uid="kern.triggers")
