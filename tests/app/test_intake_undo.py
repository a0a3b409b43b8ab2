"""One's own last act on a case is taken back, while nobody has touched the case since."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.intake import services
from hotich.intake.models import Case
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import AT, an_office, approver, bring_in, keyer, rows_of, workbook

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def case(office: Office) -> Iterator[Case]:
    with office_scope([office.id]):
        report = bring_in(office, workbook(rows_of("KS", 1)))
        yield Case.objects.get(batch_id=report["batch"])


def _corrected(office: Office, case: Case, name: str = "Nguyễn Văn Sai", officer: int = 11) -> Case:
    values = {**case.as_recorded, "child_full_name": name}
    return services.correct_case(
        actor=keyer(office, officer), at=AT, case_id=case.id, values=values, version=case.version
    )


def test_a_correction_is_undone_to_the_values_of_before_and_the_trail_keeps_both(office: Office, case: Case) -> None:
    before = dict(case.as_recorded)
    _corrected(office, case)
    undone = services.undo_last_act(actor=keyer(office), at=AT, case_id=case.id)
    assert undone.as_recorded == before
    assert undone.version == 3
    verbs = list(Entry.objects.filter(subject_id=str(case.id)).order_by("sequence").values_list("verb", flat=True))
    assert verbs[-2:] == ["case.corrected", "case.corrected"]


def test_a_return_is_taken_back_by_whoever_returned_it(office: Office, case: Case) -> None:
    services.return_case(actor=approver(office), at=AT, case_id=case.id, reason="nhầm dòng")
    undone = services.undo_last_act(actor=approver(office), at=AT, case_id=case.id)
    assert (undone.state, undone.returned_reason) == ("waiting", "")


def test_what_somebody_else_has_gone_on_with_is_not_undone(office: Office, case: Case) -> None:
    _corrected(office, case)
    with pytest.raises(RuleBroken) as other:
        services.undo_last_act(actor=keyer(office, 12), at=AT, case_id=case.id)
    assert other.value.code == "nothing_to_undo"
    services.return_case(actor=approver(office), at=AT, case_id=case.id, reason="xem lại")
    with pytest.raises(RuleBroken) as late:
        services.undo_last_act(actor=keyer(office), at=AT, case_id=case.id)
    assert late.value.code == "nothing_to_undo"


def test_an_approval_is_never_undone(office: Office, case: Case) -> None:
    services.approve_cases(actor=approver(office), at=AT, case_ids=[case.id])
    with pytest.raises(RuleBroken) as told:
        services.undo_last_act(actor=approver(office), at=AT, case_id=case.id)
    assert told.value.code == "nothing_to_undo"


def test_the_message_of_a_return_carries_the_button_that_takes_it_back(office: Office, case: Case) -> None:
    client = Client()
    client.force_login(make_officer("duyet.nut", office=office, role="approver"), backend=BACKEND)
    answer = client.post(reverse("intake:return_one", args=[case.id]), {"reason": "nhầm dòng"}, follow=True)
    undo = reverse("intake:case_undo", args=[case.id])
    assert f'action="{undo}"' in answer.content.decode()
    answer = client.post(undo, follow=True)
    assert [str(told) for told in get_messages(answer.wsgi_request)] or "Đã hoàn tác dòng 2." in answer.content.decode()
    assert Case.objects.get(id=case.id).state == "waiting"
