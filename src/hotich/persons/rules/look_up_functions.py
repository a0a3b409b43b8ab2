"""The audited look-up functions: what may be known beyond one's own offices, and nothing more.

Each returns at most 20 rows of ids, goes on after the last one, and writes the look-up row itself.
"""

from __future__ import annotations

LIMIT = 20

# as migration 0002 made it; `PARTICIPANTS_TAKEN` takes its place in 0006
PARTICIPANTS = (
    "look_up_participants(asked_keys text[], asked_records uuid[], own_offices int[], after uuid, "
    "asking_office int, asking_officer int, asked_at timestamptz, why text)",
    "table(participant_id uuid, office_id int)",
    """
    with asked as (
        select distinct key, record from unnest(asked_keys, asked_records) as a(key, record) where key <> ''
    ),
    found as (
        select p.id, p.origin_office_id from participant p
        where (p.personal_id_key in (select key from asked) or p.id_number_key in (select key from asked))
          and p.origin_office_id <> all (own_offices) and (after is null or p.id > after)
        order by p.id limit 20
    ),
    shown as (
        select a.record, count(distinct p.id) as rows from found f
        join participant p on p.id = f.id join asked a on a.key in (p.personal_id_key, p.id_number_key)
        group by a.record
    ),
    logged as (
        insert into person_look_up (at, office_id, officer_id, purpose, record_id, keys, rows)
        select asked_at, asking_office, asking_officer, why, a.record, count(*), coalesce(max(s.rows), 0)
        from asked a left join shown s on s.record = a.record
        group by a.record having after is null or max(s.rows) > 0
    )
    select id, origin_office_id from found order by id
    """,
)

# A number taken over from the population database counts where the book has none of its own.
_TAKEN = """
        select n.participant_id as id, n.personal_id_key as key from population_number n
        join participant p on p.id = n.participant_id
        where n.withdrawn_at is null and n.personal_id_key in (select key from asked) and p.personal_id_key = ''
"""

PARTICIPANTS_TAKEN = (
    PARTICIPANTS[0],
    PARTICIPANTS[1],
    f"""
    with asked as (
        select distinct key, record from unnest(asked_keys, asked_records) as a(key, record) where key <> ''
    ),
    named as (
        select p.id, p.personal_id_key as key from participant p where p.personal_id_key in (select key from asked)
        union
        select p.id, p.id_number_key from participant p where p.id_number_key in (select key from asked)
        union {_TAKEN}
    ),
    found as (
        select p.id, p.origin_office_id from participant p
        where p.id in (select id from named)
          and p.origin_office_id <> all (own_offices) and (after is null or p.id > after)
        order by p.id limit 20
    ),
    shown as (
        select a.record, count(distinct f.id) as rows from found f
        join named n on n.id = f.id join asked a on a.key = n.key
        group by a.record
    ),
    logged as (
        insert into person_look_up (at, office_id, officer_id, purpose, record_id, keys, rows)
        select asked_at, asking_office, asking_officer, why, a.record, count(*), coalesce(max(s.rows), 0)
        from asked a left join shown s on s.record = a.record
        group by a.record having after is null or max(s.rows) > 0
    )
    select id, origin_office_id from found order by id
    """,
)

DECISIONS = (
    "look_up_decisions(asked uuid[], after uuid)",
    "table(decision_id uuid, first_id uuid, second_id uuid, same boolean, first_office int, second_office int)",
    """
    select d.id, d.first_id, d.second_id, d.same, a.origin_office_id, b.origin_office_id
    from link_decision d join participant a on a.id = d.first_id join participant b on b.id = d.second_id
    where (d.first_id = any (asked) or d.second_id = any (asked)) and (after is null or d.id > after)
    order by d.id limit 20
    """,
)

FACTS = (
    "look_up_status_facts(asked uuid[], own_offices int[], after uuid, "
    "asking_office int, asking_officer int, asked_at timestamptz, why text)",
    "table(fact_id uuid, person_id uuid, spouse_id uuid, kind text, earliest date, latest date, record_id uuid, "
    "office_id int)",
    """
    with found as (
        select f.* from status_fact f
        where f.person_id = any (asked) and f.origin_office_id <> all (own_offices) and (after is null or f.id > after)
        order by f.id limit 20
    ),
    logged as (
        insert into person_look_up (at, office_id, officer_id, purpose, record_id, keys, rows)
        select asked_at, asking_office, asking_officer, why, person_id, 1, count(*) from found group by person_id
    )
    select id, person_id, spouse_id, kind::text, earliest, latest, record_id, origin_office_id from found order by id
    """,
)

# not a look-up: an id that lost its last link is out of everybody's sight, so nobody could say who it is now; as migration
# 0002 made it, `FORWARD_BY_INDEX` takes its place in 0008
FORWARD = (
    "forward_persons(former uuid[], successor uuid[])",
    "bigint",
    """
    with moved as (
        update person p set merged_into_id = f.now from unnest(former, successor) as f(old, now)
        where f.old in (p.id, p.merged_into_id) and p.id <> f.now
          and not exists (select from person_link l where l.person_id = p.id)
        returning p.id
    )
    select count(*) from moved
    """,
)

# The same; each half is answered by an index, where the former one read all persons at every drawing
FORWARD_BY_INDEX = (
    FORWARD[0],
    FORWARD[1],
    """
    with asked as (
        select * from unnest(former, successor) as f(old, now)
    ),
    found as (
        select p.id, a.now from asked a join person p on p.id = a.old
        union
        select p.id, a.now from asked a join person p on p.merged_into_id = a.old
    ),
    moved as (
        update person p set merged_into_id = f.now from found f
        where p.id = f.id and p.id <> f.now and not exists (select from person_link l where l.person_id = p.id)
        returning p.id
    )
    select count(*) from moved
    """,
)
