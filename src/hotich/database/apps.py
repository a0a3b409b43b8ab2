from django.apps import AppConfig
from django.db.models.signals import pre_migrate


def _grant(sender: AppConfig, **kwargs: object) -> None:
    from hotich.database.roles import grant_to_app

    grant_to_app()


class DatabaseConfig(AppConfig):
    name = "hotich.database"
    label = "database"

    def ready(self) -> None:
        from hotich.database import lookups  # noqa: F401  (registers the look-up)

        pre_migrate.connect(_grant, sender=self)  # before the first table exists
