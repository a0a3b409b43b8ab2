"""Row-level security, and the look-up functions that see past it."""

from __future__ import annotations

from django.db import migrations

from hotich.database.rls import APP_ROLE, LOOKUP_ROLE, lookup_function, protect
from hotich.persons.rules.look_up_functions import DECISIONS, FACTS, FORWARD, PARTICIPANTS


class Migration(migrations.Migration):
    dependencies = [("persons", "0001_initial")]
    operations = [
        protect("person_link"),
        protect("kinship"),
        protect("status_fact"),
        protect("link_decision"),
        # a person is visible through a link of one's offices, under a former id through that of who it is now
        protect(
            "person",
            using="exists (select from person_link l where l.person_id in (person.id, person.merged_into_id))",
            check="true",
        ),
        # only the look-up functions write look-ups
        migrations.RunSQL(
            f"revoke insert, update, delete on person_look_up from {APP_ROLE};"
            f"grant insert on person_look_up to {LOOKUP_ROLE};"
            f"grant usage on sequence person_look_up_id_seq to {LOOKUP_ROLE};",
            f"grant insert, update, delete on person_look_up to {APP_ROLE};"
            f"revoke insert on person_look_up from {LOOKUP_ROLE};",
        ),
        migrations.RunSQL(
            f"grant update (merged_into_id) on person to {LOOKUP_ROLE};",
            f"revoke update (merged_into_id) on person from {LOOKUP_ROLE};",
        ),
        lookup_function(*FORWARD),
        lookup_function(*PARTICIPANTS),
        lookup_function(*DECISIONS),
        lookup_function(*FACTS),
    ]
