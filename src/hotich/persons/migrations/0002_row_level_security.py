"""Row-level security."""

from __future__ import annotations

from django.db import migrations

from hotich.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("persons", "0001_initial")]
    operations = [
        protect("person_link"),
        protect("kinship"),
        protect("status_fact"),
        protect("link_decision"),
        # a person is visible through a link of one's offices; it is made just before its first link
        protect(
            "person",
            using="exists (select from person_link l where l.person_id = person.id)",
            check="true",
        ),
    ]
