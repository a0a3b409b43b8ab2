"""Reads: what the rows of a file of accounts would lead to, and the files brought before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Count, Q, QuerySet, When

from hotich.accounts.models import Officer, Opening, OpeningLine, OpeningOutcome, Post
from hotich.accounts.queries.devices import managed_offices
from hotich.accounts.queries.officers import not_over
from hotich.accounts.rules.opening import WantedAccount, proposed_logins
from hotich.accounts.rules.roles import ROLES, incompatible_roles
from hotich.kernel.actor import Actor
from hotich.kernel.problems import Problem
from hotich.units.models import Office


@dataclass(slots=True)
class Checked:
    """A row with what it leads to."""

    row: WantedAccount
    outcome: OpeningOutcome
    office: Office | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Known:
    """What stands already: officers of the logins that could be meant, their posts, offices that are managed."""

    actor: Actor
    today: date
    offices: dict[str, Office]
    managed: set[int]
    officers: dict[str, Officer]
    posts: dict[int, list[Post]]
    roles: dict[str, set[str]]  # login → roles wanted so far in this file
    names: dict[str, str]  # login → name wanted so far in this file
    unnamed: set[tuple[str, str]]  # (name, office) of rows without login so far
    rows: set[tuple[str, int, str]]  # (login, office, role) so far


def check_rows(actor: Actor, rows: list[WantedAccount], *, today: date) -> list[Checked]:
    """What each row leads to. Nothing is written; a row that has problems of its own is not looked at further."""
    known = _known(actor, rows, today)
    return [_check(known, row) for row in rows]


def _known(actor: Actor, rows: list[WantedAccount], today: date) -> _Known:
    offices = {office.code: office for office in Office.objects.filter(code__in={row.office_code for row in rows})}
    managed = set(managed_offices(actor).filter(code__in=offices).values_list("id", flat=True))
    logins = {row.login for row in rows if row.login}
    for row in rows:
        if not row.login and row.full_name:
            logins.update(proposed_logins(row.full_name, row.office_code))
    officers = {officer.username: officer for officer in Officer.objects.filter(username__in=logins)}
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(not_over(today), officer__in=officers.values()).select_related("office"):
        posts[post.officer_id].append(post)
    return _Known(actor, today, offices, managed, officers, posts, defaultdict(set), {}, set(), set())


def _check(known: _Known, row: WantedAccount) -> Checked:
    if row.problems:
        return Checked(row, OpeningOutcome.WRONG, known.offices.get(row.office_code), row.problems)
    office = known.offices.get(row.office_code)
    if office is None:
        row.wrong("office_unknown", "office", office=row.office_code)
        return Checked(row, OpeningOutcome.WRONG, None, row.problems)
    row.valid_from = row.valid_from or known.today
    _check_rights(known, row, office)
    if not row.login and not row.problems:
        row.login = _propose(known, row)
    if not row.problems:
        outcome = _check_account(known, row, office)
        if not row.problems:
            known.names[row.login] = row.full_name
            known.roles[row.login].add(row.role)
            known.rows.add((row.login, office.id, row.role))
            return Checked(row, outcome, office)
    return Checked(row, OpeningOutcome.WRONG, office, row.problems)


def _check_rights(known: _Known, row: WantedAccount, office: Office) -> None:
    if office.valid_to is not None and row.valid_from and office.valid_to < row.valid_from:
        row.wrong("office_closed", "office")
    elif office.id not in known.managed:
        row.wrong("opening_office_foreign", "office", office=office.name)
    if ROLES[row.role].central and not known.actor.may("technical.manage"):
        row.wrong("role_is_central", "role", role=ROLES[row.role].name)
    if row.valid_to is not None and row.valid_to < known.today:
        row.wrong("opening_post_over", "valid_to")


def _propose(known: _Known, row: WantedAccount) -> str:
    """A free login, or that of the same person at the same office, so that the same file again changes nothing."""
    if (row.full_name, row.office_code) in known.unnamed:
        row.wrong("opening_login_needed", "login")
        return ""
    known.unnamed.add((row.full_name, row.office_code))
    for login in proposed_logins(row.full_name, row.office_code):
        officer, taken = known.officers.get(login), known.names.get(login)
        if taken is not None:
            continue
        if officer is None or officer.full_name == row.full_name:
            return login
    row.wrong("opening_login_needed", "login")
    return ""


def _check_account(known: _Known, row: WantedAccount, office: Office) -> OpeningOutcome:
    officer = known.officers.get(row.login)
    name = known.names.get(row.login) or (officer.full_name if officer else row.full_name)
    held = known.posts.get(officer.id, []) if officer else []
    if name != row.full_name:
        row.wrong("opening_login_of_another", "login", login=row.login)
    elif officer is not None and officer.id == known.actor.officer_id:
        row.wrong("own_account", "login")
    elif officer is not None and not _is_managed(known, held):
        row.wrong("opening_login_of_another", "login", login=row.login)
    elif (row.login, office.id, row.role) in known.rows:
        row.wrong("opening_row_twice", "login")
    elif any(post.office_id == office.id and post.role == row.role for post in held):
        return OpeningOutcome.UNCHANGED
    elif incompatible_roles([row.role, *known.roles[row.login], *(post.role for post in held)]):
        row.wrong("roles_incompatible", "role", role=ROLES[row.role].name)
    return OpeningOutcome.POST if officer or row.login in known.names else OpeningOutcome.ACCOUNT


def _is_managed(known: _Known, posts: Iterable[Post]) -> bool:
    """Whether every post of an account lies with the actor: nobody gives a post to somebody else's officer."""
    if known.actor.may("technical.manage"):
        return True
    held = list(posts)
    managed = set(
        managed_offices(known.actor).filter(id__in=[post.office_id for post in held]).values_list("id", flat=True)
    )
    return bool(held) and all(
        post.office_id in managed and post.role in ROLES and not ROLES[post.role].central for post in held
    )


def openings_of(actor: Actor) -> QuerySet[Opening]:
    """Files this actor brought, the latest first, with `accounts`, `posts`, `unchanged`, `wrong`, `done`, `sealed`."""
    return counted(Opening.objects.filter(made_by_id=actor.officer_id, office_id=actor.office_id)).order_by(
        "-created_at"
    )


def counted(openings: QuerySet[Opening]) -> QuerySet[Opening]:
    """With the number of rows by outcome, of those done, and of passwords that wait."""

    def rows(**wanted: object) -> Count:
        return Count("lines", filter=Q(**{f"lines__{name}": value for name, value in wanted.items()}))

    return openings.annotate(
        rows=Count("lines"),
        accounts=rows(outcome=OpeningOutcome.ACCOUNT),
        posts=rows(outcome=OpeningOutcome.POST),
        unchanged=rows(outcome=OpeningOutcome.UNCHANGED),
        wrong=rows(outcome=OpeningOutcome.WRONG),
        done=rows(done=True),
        sealed=rows(sealed__isnull=False),
    )


def lines_of(opening: Opening, outcome: str = "") -> QuerySet[OpeningLine]:
    """The rows of a file, wrong ones first, then as they stand."""
    lines = OpeningLine.objects.filter(opening=opening).select_related("office")
    if outcome:
        return lines.filter(outcome=outcome).order_by("number")
    return lines.order_by(Case(When(outcome=OpeningOutcome.WRONG, then=0), default=1), "number")


def free_login(full_name: str, office_code: str) -> str:
    """The first proposed login name nobody has."""
    proposed = list(proposed_logins(full_name, office_code))
    taken = set(Officer.objects.filter(username__in=proposed).values_list("username", flat=True))
    return next((login for login in proposed if login not in taken), "")
