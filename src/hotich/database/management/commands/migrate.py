from typing import Any

from django.core.management.commands import migrate
from django.db import connection

from hotich.database.lookup_key import mark_present
from hotich.database.roles import as_owner


class Command(migrate.Command):
    """Django's migrate, run as the owner of the tables; the serving role may not change them."""

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
            with connection.cursor() as cursor:
                mark_present(cursor)
