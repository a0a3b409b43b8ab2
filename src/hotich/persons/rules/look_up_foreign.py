"""The audited functions by which an officer asks beyond his offices (architecture 7).

Each takes purpose and case, writes the look-up and its hits in the statement that answers, also when nothing was found,
and returns at most 20 records: no restricted participant, no adoption, no record of one's own offices. What makes a
question improper (no purpose, an office not in the context of the transaction, a birth as wide as a decade) makes a column
null that may not be, so that the whole statement fails.
"""

from __future__ import annotations

from collections.abc import Iterable

from hotich.persons.rules.look_up_purposes import OTHER, OTHER_WORDS_MIN, PURPOSES

OPEN_HOURS_MOST = 12  # whatever the parameter says, no hit is opened later than this
_OFFICES = "(select string_to_array(nullif(current_setting('app.offices', true), ''), ',')::int[])::int[]"
_ELSEWHERE = f"<> all (coalesce({_OFFICES}, '{{}}'::int[]))"
_WHO = "asking_office int, asking_officer int, why text, why_words text, dossier text"
_HIT = (
    "table(look_up_id uuid, record_id uuid, office_id int, register_type text, number_text text, registration_year int, "
    "state text, role text, full_name text, birth_text text, birth_earliest date, birth_latest date, sex text)"
)


def _asked(way: str, question: str, proper: str, matched: str) -> str:
    """The body of a look-up: `matched` gives (record_id, participant_id, nearness)."""
    return f"""
    with matched as ({matched}),
    best as (
        select distinct on (m.record_id) m.record_id, m.participant_id, m.nearness from matched m
        order by m.record_id, m.nearness, m.participant_id
    ),
    found as (
        select r.*, b.participant_id, b.nearness from best b join civil_status_record r on r.id = b.record_id
        where r.register_type <> 'CN' order by b.nearness, r.registration_year desc nulls last, r.id limit 20
    ),
    logged as (
        insert into foreign_look_up
            (id, at, office_id, officer_id, purpose, purpose_words, dossier, way, question, rows)
        select gen_random_uuid(), now(), (select asking_office where asking_office = any ({_OFFICES})), asking_officer,
            btrim(why), btrim(coalesce(why_words, '')), btrim(dossier), '{way}',
            case when {proper} then encode(sha256(convert_to({question}, 'UTF8')), 'hex') end,
            (select count(*) from found)
        returning *
    ),
    shown as (
        insert into foreign_look_up_hit
            (id, look_up_id, record_id, subject_office_id, asking_office_id, officer_id, purpose, dossier, at, openings)
        select gen_random_uuid(), l.id, f.id, f.origin_office_id, l.office_id, l.officer_id, l.purpose, l.dossier, l.at, 0
        from logged l cross join found f
    )
    select l.id, f.id, f.origin_office_id, f.register_type::text, f.number_text::text, f.registration_year,
        f.state::text, p.role::text, p.full_name::text, p.birth_text::text, p.birth_earliest, p.birth_latest, p.sex::text
    from logged l left join found f on true left join participant p on p.id = f.participant_id
    order by f.nearness, f.registration_year desc nulls last, f.id
    """


# as migration 0003 made it; `BY_NUMBER_TAKEN` takes its place in 0006
BY_NUMBER = (
    f"look_up_by_number(number_key text, personal_key text, {_WHO})",
    _HIT,
    _asked(
        "number",
        "number_key",
        "number_key <> ''",
        f"""
        select p.record_id, p.id as participant_id, 0 as nearness from participant p
        where (p.document_key = number_key and number_key <> ''
               or p.personal_id_key = personal_key and personal_key <> '')
          and not p.restricted and p.origin_office_id {_ELSEWHERE}
        """,
    ),
)

# also by a number taken over from the population database, where the book has none of its own
BY_NUMBER_TAKEN = (
    BY_NUMBER[0],
    BY_NUMBER[1],
    _asked(
        "number",
        "number_key",
        "number_key <> ''",
        f"""
        with named as (
            select p.id, 0 as nearness from participant p where p.document_key = number_key and number_key <> ''
            union
            select p.id, 0 from participant p where p.personal_id_key = personal_key and personal_key <> ''
            union
            select n.participant_id, 1 from population_number n join participant p on p.id = n.participant_id
            where n.personal_id_key = personal_key and personal_key <> '' and n.withdrawn_at is null
              and p.personal_id_key = ''
        )
        select p.record_id, p.id as participant_id, n.nearness from named n join participant p on p.id = n.id
        where not p.restricted and p.origin_office_id {_ELSEWHERE}
        """,
    ),
)

BY_ENTRY = (
    f"look_up_by_entry(asked_office int, letters text, entry_number int, suffix text, entry_year int, {_WHO})",
    _HIT,
    _asked(
        "entry",
        "concat_ws('|', asked_office, letters, entry_number, suffix, entry_year)",
        "asked_office is not null and letters <> '' and entry_number is not null and entry_year is not null",
        f"""
        select r.id as record_id, p.id as participant_id, coalesce(array_position(array['child', 'husband', 'deceased',
            'subject', 'ward', 'wife', 'guardian', 'parent'], p.role::text), 99) as nearness
        from civil_status_record r
        left join participant p on p.record_id = r.id and not p.restricted and p.role <> 'informant'
        where r.origin_office_id = asked_office and r.origin_office_id {_ELSEWHERE} and r.register_type = letters
          and r.registration_year = entry_year and r.number = entry_number
          and (coalesce(suffix, '') = '' or r.number_suffix = suffix)
        """,
    ),
)

# as migration 0003 made it; `BY_NAMES` takes its place in 0004
BY_NAME = (
    f"look_up_by_name(name_key text, accents_key text, born_from date, born_to date, parent_key text, {_WHO})",
    _HIT,
    _asked(
        "name",
        "concat_ws('|', name_key, born_from, born_to, parent_key)",
        "length(name_key) >= 3 and born_from <= born_to and born_to - born_from <= 366",
        f"""
        select p.record_id, p.id as participant_id, case when p.match_key = accents_key then 0 else 1 end as nearness
        from participant p
        where p.keyset = name_key and p.birth_year between extract(year from born_from)::int - 1
            and extract(year from born_to)::int + 1 and p.birth_earliest <= born_to and p.birth_latest >= born_from
          and not p.restricted and p.role <> 'informant' and p.origin_office_id {_ELSEWHERE}
          and (coalesce(parent_key, '') = '' or exists (
              select from participant q where q.record_id = p.record_id and q.id <> p.id and not q.restricted
                and q.keyset = parent_key))
        """,
    ),
)

KEYS_MOST = 600  # names one slip away that one question may have
_NEAR = "p.birth_year between extract(year from born_from)::int - 1 and extract(year from born_to)::int + 1 "
_OF_BIRTH = (
    "p.birth_earliest <= born_to and p.birth_latest >= born_from and not p.restricted and p.role <> 'informant' "
    f"and p.origin_office_id {_ELSEWHERE} "
)
_PARENT = """
    (coalesce(cardinality(parent_keys), 0) = 0 or exists (
        select from participant q where q.record_id = p.record_id and q.id <> p.id and not q.restricted
          and q.keyset = any (parent_keys))
     or exists (
        select from former_name g where g.record_id = p.record_id and g.participant_id <> p.id and not g.restricted
          and g.keyset = any (parent_keys)))
"""

# The first key is the name as asked, the others those one slip away, which answer only where nobody has or had the very
# name. What is no name near the first one makes the question improper: nobody asks for a list of strangers at once.
BY_NAMES = (
    f"look_up_by_name(name_keys text[], accents_key text, born_from date, born_to date, parent_keys text[], {_WHO})",
    _HIT,
    _asked(
        "name",
        "concat_ws('|', name_keys[1], born_from, born_to, parent_keys[1])",
        f"length(name_keys[1]) >= 3 and cardinality(name_keys) <= {KEYS_MOST} "
        f"and coalesce(cardinality(parent_keys), 0) <= {KEYS_MOST} and not exists (select from unnest(name_keys) as k "
        "where k is null or abs(length(k) - length(name_keys[1])) > 3) "
        "and born_from <= born_to and born_to - born_from <= 366",
        f"""
        with named as (
            select p.record_id, p.id as participant_id,
                case when p.match_key = accents_key then 0 when p.keyset = name_keys[1] then 1 else 3 end as nearness
            from participant p
            where p.keyset = any (name_keys) and {_NEAR} and {_OF_BIRTH} and {_PARENT}
            union all
            select p.record_id, p.id, case when f.keyset = name_keys[1] then 2 else 4 end
            from former_name f join participant p on p.id = f.participant_id
            where f.keyset = any (name_keys) and {_NEAR.replace("p.birth", "f.birth")} and not f.restricted
              and {_OF_BIRTH} and {_PARENT}
        )
        select * from named
        where nearness < 3 or not exists (select from named where nearness < 3)
        """,
    ),
)


def opening(hidden: Iterable[str]) -> tuple[str, str, str]:
    """The function that opens a hit, for the fields that are never told (`hidden` of whatever register).

    Bound to the look-up: of the same officer at the same office, and not long ago. Values a restricted annotation has
    changed are left out as well.
    """
    codes = ", ".join(f"'{code}'" for code in sorted(set(hidden)))
    return (
        "open_foreign_hit(asked_look_up uuid, asked_record uuid, asking_office int, asking_officer int, hours int)",
        "table(record jsonb, notes jsonb)",
        f"""
    with opened as (
        update foreign_look_up_hit h set opened_at = coalesce(h.opened_at, now()), openings = h.openings + 1
        where h.look_up_id = asked_look_up and h.record_id = asked_record and h.asking_office_id = asking_office
          and h.asking_office_id = any ({_OFFICES}) and h.officer_id = asking_officer
          and h.at > now() - make_interval(hours => least(greatest(hours, 0), {OPEN_HOURS_MOST}))
        returning h.record_id
    )
    select jsonb_build_object(
            'id', r.id, 'register_type', r.register_type, 'schema_version', r.schema_version, 'era', r.era,
            'office_id', r.origin_office_id, 'number_text', r.number_text, 'page_no', r.page_no, 'state', r.state,
            'book', b.number || '/' || b.opening_year,
            'as_recorded', (r.as_recorded - array[{codes}]::text[]) - array(
                select n.field::text from annotation n where n.record_id = r.id and n.restricted and n.field <> '')),
        coalesce((select jsonb_agg(jsonb_build_object('sequence', n.sequence, 'kind', n.kind, 'field', n.field,
                'new_value', n.new_value, 'text', n.text, 'in_force', n.in_force, 'note_date_text', n.note_date_text,
                'basis_number', n.basis_number, 'basis_date_text', n.basis_date_text,
                'basis_authority', n.basis_authority) order by n.sequence)
            from annotation n where n.record_id = r.id and not n.restricted
              and n.field <> all (array[{codes}]::text[])), '[]'::jsonb)
    from opened o join civil_status_record r on r.id = o.record_id join register_book b on b.id = r.book_id
    where r.register_type <> 'CN'
    """,
    )


# what the tables themselves refuse, whoever writes
CHECKS = f"""
    alter table foreign_look_up add constraint look_up_says_why check (
        purpose in ({", ".join(f"'{code}'" for code in sorted(PURPOSES))})
        and (purpose <> '{OTHER}' or length(purpose_words) >= {OTHER_WORDS_MIN}));
    alter table foreign_look_up add constraint look_up_names_its_case check (
        dossier ~ '^[0-9A-Za-zĐđ][0-9A-Za-zĐđ./_-]{{2,39}}$'
        and dossier ~ '[0-9]');
    alter table foreign_look_up add constraint look_up_shows_few check (rows between 0 and 20);
"""
NO_CHECKS = """
    alter table foreign_look_up drop constraint look_up_says_why;
    alter table foreign_look_up drop constraint look_up_names_its_case;
    alter table foreign_look_up drop constraint look_up_shows_few;
"""
