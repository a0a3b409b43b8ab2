"""Readings of many offices at once, for a department or the Ministry: numbers and flags by officer, nobody's name.

The audited function counts by the rules of `rules.oversight` and tells no subject: whoever wants to know which record
it was asks the leader of the office, who sees it among his own. Two rules are counted a little more narrowly than at the
office itself: "many at once" counts each subject once a day, and "many readers" looks at the readings of one office.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        "periodic": "overview_periodic",
        "complaint": "overview_complaint",
        "inspection": "overview_inspection",
        "incident": "overview_incident",
    }
)
WORDS_NEEDED = frozenset({"complaint", "inspection", "incident"})  # which complaint, which decision
WORDS_MIN = 10
DAYS_MOST = 92
OFFICES_MOST = 2000
FLAGS = ("outside_hours", "many_at_once", "many_readers", "no_act", "empty_again", "one_case_many", "over_budget")
_OFFICES = "(select string_to_array(nullif(current_setting('app.offices', true), ''), ',')::int[])::int[]"
_DAY = "(e.at at time zone 'Asia/Ho_Chi_Minh')::date"
_HOUR = "extract(hour from {at} at time zone 'Asia/Ho_Chi_Minh')::int"
_ODD = f"({_HOUR} < first_hour or {_HOUR} >= last_hour or ({{at}} at time zone 'Asia/Ho_Chi_Minh')::date = any (free_days))"

OVERVIEW = (
    "overview_of_readings(asked_offices int[], since timestamptz, until timestamptz, first_hour int, last_hour int, "
    "free_days date[], fast_subjects int, fast_minutes int, same_officers int, empty_look_ups int, dossier_records int, "
    "act_days int, asking_office int, asking_officer int, why text, why_words text)",
    "table(office_id int, officer_id int, subjects bigint, look_ups bigint, outside_hours bigint, many_at_once bigint, "
    "many_readers bigint, no_act bigint, empty_again bigint, one_case_many bigint, over_budget bigint)",
    f"""
    with logged as (
        insert into reading_overview (id, at, office_id, officer_id, purpose, purpose_words, since, until, offices)
        select gen_random_uuid(), now(), (select asking_office where asking_office = any ({_OFFICES})), asking_officer,
            why, btrim(coalesce(why_words, '')), since, until,
            case when until - since <= make_interval(days => {DAYS_MOST}) then cardinality(asked_offices) end
        returning id
    ),
    looks as materialized (
        select e.chain_office_id as office, e.actor_id as officer, e.subject_id as subject, e.at, {_DAY} as day
        from audit_entry e
        where e.chain_office_id = any (asked_offices) and e.at >= since and e.at < until and e.actor_id is not null
          and e.verb in ('record.read', 'person.read', 'foreign_record.read', 'restricted.read')
    ),
    asked as materialized (
        select l.office_id as office, l.officer_id as officer, l.at, l.rows, l.question, l.dossier,
            (l.at at time zone 'Asia/Ho_Chi_Minh')::date as day
        from foreign_look_up l
        where l.office_id = any (asked_offices) and l.at >= since and l.at < until
    ),
    counted as (
        select office, officer, 'subjects' as kind, count(distinct subject) as n from looks group by 1, 2
        union all
        select office, officer, 'look_ups', count(*) from asked group by 1, 2
        union all
        select office, officer, 'outside_hours', count(*) from (
            select office, officer, at from looks union all select office, officer, at from asked) o
        where {_ODD.format(at="o.at")} group by 1, 2
        union all
        select office, officer, 'many_at_once', max(near) from (
            select office, officer, count(*) over (partition by office, officer, day order by at
                range between make_interval(mins => fast_minutes) preceding and current row) as near
            from (select office, officer, day, subject, min(at) as at from looks group by 1, 2, 3, 4) f) w
        where near >= fast_subjects group by 1, 2
        union all
        select office, null, 'many_readers', count(*) from (
            select l.office, l.subject from looks l
            join (select office, subject from looks group by 1, 2 having count(distinct officer) >= same_officers) many
                on many.office = l.office and many.subject = l.subject
            where (select count(distinct n.officer) from looks n where n.office = l.office and n.subject = l.subject
                   and n.at > l.at - interval '7 days' and n.at <= l.at) >= same_officers
            group by 1, 2) s
        group by 1
        union all
        select a.office, a.officer, 'no_act', count(*) from asked a
        where a.rows > 0 and a.at < until - interval '1 day' and not exists (
            select from audit_entry e where e.actor_id = a.officer and e.at > a.at
              and e.at <= a.at + make_interval(days => act_days) and not (right(e.verb, 5) = '.read'
                or starts_with(e.verb, 'look_up.') or starts_with(e.verb, 'sign_in') or starts_with(e.verb, 'session')
                or starts_with(e.verb, 'reading.')))
        group by 1, 2
        union all
        select office, officer, 'empty_again', sum(n)::bigint from (
            select office, officer, day, count(*) as n from asked where rows = 0 group by 1, 2, 3) d
        where n >= empty_look_ups group by 1, 2
        union all
        select office, officer, 'one_case_many', sum(n)::bigint from (
            select office, officer, count(*) as n from asked group by office, officer, dossier
            having count(distinct question) >= dossier_records) d
        group by 1, 2
        union all
        select e.chain_office_id, e.actor_id, 'over_budget', count(*) from audit_entry e
        where e.chain_office_id = any (asked_offices) and e.at >= since and e.at < until and e.verb = 'reading.alarm'
        group by 1, 2
    )
    select office, officer, {
        ", ".join(f"coalesce(max(n) filter (where kind = '{kind}'), 0)" for kind in ("subjects", "look_ups", *FLAGS))
    }
    from counted cross join logged group by office, officer order by office, officer nulls first
    """,
)
# Whose posts allow it, by accounts.rules.roles: a department within its province, the Ministry everywhere. They stand in
# the function, so a migration makes it anew when roles change (a test says so).
ROLES_WITHIN = ("department_of_justice",)
ROLES_EVERYWHERE = ("ministry",)
_TODAY = "(now() at time zone 'Asia/Ho_Chi_Minh')::date"
_POST = f"""exists (select from officer_post p where p.officer_id = asking_officer and p.office_id = asking_office
            and p.ended_at is null and p.valid_from <= {_TODAY} and (p.valid_to is null or p.valid_to >= {_TODAY})
            and p.role in ({{roles}}))"""


def _province(office: str) -> str:
    """The unit at the top of an office's unit; null for a mission."""
    return f"""(select coalesce(above.id, parent.id, own.id) from units_office o
            join units_administrativeunit own on own.id = o.unit_id
            left join units_administrativeunit parent on parent.id = own.parent_id
            left join units_administrativeunit above on above.id = parent.parent_id where o.id = {office})"""


def _listed(roles: tuple[str, ...]) -> str:
    return ", ".join(f"'{role}'" for role in roles)


_MAY = f"""({_POST.format(roles=_listed(ROLES_EVERYWHERE))}
            or {_POST.format(roles=_listed(ROLES_WITHIN))} and not exists (select from unnest(asked_offices) as asked(office)
                where {_province("asked.office")} is distinct from {_province("asking_office")}))"""
_SPAN = f"case when until - since <= make_interval(days => {DAYS_MOST}) then cardinality(asked_offices) end"

# as migration 0007 makes it; `OVERVIEW` is what it was before: there only the service knew of provinces
OVERVIEW_WITHIN = (
    OVERVIEW[0],
    OVERVIEW[1],
    OVERVIEW[2].replace(_SPAN, _SPAN.replace("case when", f"case when {_MAY} and")),
)
CHECKS = f"""
    alter table reading_overview add constraint overview_says_why check (
        purpose in ({", ".join(f"'{code}'" for code in sorted(PURPOSES))})
        and (purpose not in ({", ".join(f"'{code}'" for code in sorted(WORDS_NEEDED))})
             or length(purpose_words) >= {WORDS_MIN}));
    alter table reading_overview add constraint overview_asks_for_offices check (offices between 1 and {OFFICES_MOST});
"""
NO_CHECKS = """
    alter table reading_overview drop constraint overview_says_why;
    alter table reading_overview drop constraint overview_asks_for_offices;
"""


def fault_of(purpose: str, words: str) -> tuple[str, str] | None:
    """(code of the refusal, field) when the purpose does not suffice; None when it does."""
    if purpose not in PURPOSES:
        return "overview_purpose_missing", "purpose"
    if purpose in WORDS_NEEDED and sum(map(str.isalpha, words)) < WORDS_MIN:
        return "overview_words_missing", "words"
    return None
