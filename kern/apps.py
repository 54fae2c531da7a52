from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KernConfig(AppConfig):
    name = "kern"

    def ready(self) -> None:
        # mails and privacy register themselves: the runner must know the one, the register of acts the other.
        from kern import mails, privacy, triggers  # noqa: F401

        post_migrate.connect(triggers.na_migratie, dispatch_uid="kern.triggers")
