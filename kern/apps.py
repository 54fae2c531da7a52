from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KernConfig(AppConfig):
    name = "kern"

    def ready(self) -> None:
        from kern import triggers

        post_migrate.connect(triggers.na_migratie, dispatch_uid="kern.triggers")
