"""Pages of the configuration: who may open them, what they show, the way from a form to what holds everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from accounts_parts import make_officer
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from records_support import actor_at, enter, offices

from hotich.database.scope import office_scope
from hotich.registers.models import ConfigurationChange, ConfigurationProposal, ProposalState
from hotich.registers.rules.configuration import Kind, shipped
from hotich.registers.rules.parameters import DEFINITIONS, constant
from hotich.registers.rules.snapshot import install
from hotich.units.models import Office

pytestmark = pytest.mark.django_db
DEPARTMENT = "department_of_justice"


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    install(shipped())


@pytest.fixture
def office() -> Office:
    return offices(1)[0]


def signed_in(office: Office, role: str = DEPARTMENT, login: str = "so.mot") -> Client:
    client = Client()
    client.force_login(make_officer(login, office=office, role=role), settings.AUTHENTICATION_BACKENDS[-1])
    return client


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(f"registers:{name}", args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def draft(client: Client, slug: str, key: str, **data: Any) -> ConfigurationProposal:
    response = client.post(
        reverse("registers:configuration_propose", args=[slug, key]),
        {"source": "Nghị quyết 5", "reason": "Luật mới"} | data,
    )
    assert response.status_code == 302, response.content.decode()
    return ConfigurationProposal.objects.get(id=response["Location"].rstrip("/").rpartition("/")[2])


def act(client: Client, name: str, proposal: ConfigurationProposal, *more: str, **data: str) -> ConfigurationProposal:
    url = reverse(f"registers:{name}", args=[proposal.id, *more])
    proposal.refresh_from_db()
    assert client.post(url, {"version": str(proposal.version)} | data).status_code == 302
    proposal.refresh_from_db()
    return proposal


def test_every_kind_and_every_key_has_a_page(office: Office) -> None:
    client = signed_in(office)
    assert "Tuổi kết hôn của nam" in page(client, "configuration")
    for slug in ("tham-so", "danh-muc", "lich-lam-viec", "thoi-ky-so"):
        assert "Tất cả" in page(client, "configuration_kind", slug)
    for code in DEFINITIONS:
        assert code in page(client, "configuration_key", "tham-so", code)
    assert "Liên Xô" in page(client, "configuration_key", "danh-muc", "nationality")
    assert "Tết" in page(client, "configuration_key", "lich-lam-viec", "2027")
    assert "83/1998" in page(client, "configuration_key", "thoi-ky-so", "ND83")


@pytest.mark.parametrize(("slug", "key"), [("tham-so", "x"), ("danh-muc", "x"), ("lich-lam-viec", "9"), ("x", "sex")])
def test_what_cannot_be_configured_has_no_page(office: Office, slug: str, key: str) -> None:
    assert signed_in(office).get(reverse("registers:configuration_key", args=[slug, key])).status_code == 404


def test_who_only_reads_sees_no_act_and_who_may_not_read_sees_nothing(office: Office) -> None:
    reader = signed_in(office, "civil_status_officer", "chi.doc")
    assert "thay-doi/" not in page(reader, "configuration_key", "tham-so", "adult_age")
    url = reverse("registers:configuration_propose", args=["tham-so", "adult_age"])
    assert reader.get(url).status_code == 403 and reader.post(url, {}).status_code == 403
    keyer = signed_in(office, "keyer", "nhap.lieu")
    assert keyer.get(reverse("registers:configuration")).status_code == 403


def test_from_the_form_to_what_holds_everywhere(office: Office) -> None:
    first, second = signed_in(office), signed_in(office, "ministry", "bo.hai")
    made = draft(first, "tham-so", "adult_age", value="19")
    assert made.state == ProposalState.DRAFT
    assert second.get(reverse("registers:configuration_proposal", args=[made.id])).status_code == 404
    act(first, "configuration_submit", made)
    assert "Người đề nghị không được tự duyệt" in page(first, "configuration_proposal", made.id)
    assert '<span class="count">1</span>' in page(second, "configuration")
    refused = act(first, "configuration_decide", made, "duyet")
    assert refused.state == ProposalState.PROPOSED
    assert act(second, "configuration_decide", made, "duyet").state == ProposalState.APPROVED
    install(shipped())  # another process, which learns of it with its next request
    assert constant("adult_age") == 18
    assert "19 năm" in page(first, "configuration_key", "tham-so", "adult_age")
    assert constant("adult_age") == 19
    assert "Đã thay đổi" in page(first, "configuration_kind", "tham-so", loc="da-doi")


def test_a_change_of_practice_holds_when_its_author_confirms(office: Office) -> None:
    client = signed_in(office)
    made = draft(client, "tham-so", "mother_gap_max", value="50", valid_from="01/01/2020")
    assert "Áp dụng ngay" in page(client, "configuration_proposal", made.id)
    assert act(client, "configuration_submit", made).state == ProposalState.APPROVED
    change = ConfigurationChange.objects.get()
    url = reverse("registers:configuration_take_back", args=[change.id])
    assert client.post(url, {"source": "QĐ 9", "reason": "Nhầm"}).status_code == 302
    change.refresh_from_db()
    assert change.taken_back_at is not None
    assert "Đã thôi áp dụng" in page(client, "configuration_key", "tham-so", "mother_gap_max")


def test_a_refusal_stands_at_its_field(office: Office) -> None:
    client = signed_in(office)
    url = reverse("registers:configuration_propose", args=["tham-so", "adult_age"])
    for data, text in (({"value": "500"}, "Giá trị phải từ 10 đến 30."), ({"value": "19", "valid_from": "2027"},
                       "Hãy ghi đủ ngày, tháng, năm.")):  # fmt: skip
        response = client.post(url, {"source": "x", "reason": "y", **data})
        assert response.status_code == 200 and text in response.content.decode()


def test_codes_days_and_eras_are_changed_by_forms_too(office: Office) -> None:
    client, second = signed_in(office), signed_in(office, "ministry", "bo.hai")
    drafts = [
        draft(client, "danh-muc", "sex", action="add", code="4", vi="Liên giới tính", words="lưỡng tính; khác"),
        draft(client, "lich-lam-viec", "2027", days="01/01/2027 Tết Dương lịch\n08/05/2027 làm bù", verified="on"),
        draft(client, "thoi-ky-so", "ND83", first="01/01/1999", last="30/04/2006", law="NĐ 83"),
    ]
    for made in drafts:
        page(client, "configuration_proposal", made.id)
        act(client, "configuration_submit", made)
        assert act(second, "configuration_decide", made, "duyet").state == ProposalState.APPROVED
    assert "Liên giới tính" in page(client, "code_list", "sex")
    assert "Chưa nhập lịch nghỉ" not in page(client, "configuration_key", "lich-lam-viec", "2027")
    assert "30/04/2006" in page(client, "configuration_key", "thoi-ky-so", "ND83")


def test_every_form_can_be_opened(office: Office) -> None:
    client = signed_in(office)
    for slug, key, query in (("tham-so", "adult_age", {"kiem-chung": "1"}), ("danh-muc", "sex", {"ma": "1"}),
                             ("lich-lam-viec", "2027", {}), ("thoi-ky-so", "LIVE", {})):  # fmt: skip
        assert 'name="source"' in page(client, "configuration_propose", slug, key, **query)
    assert 'type="file"' in page(client, "configuration_import")


def test_the_preview_counts_cases_that_would_be_judged_otherwise(office: Office) -> None:
    actor = actor_at(office)
    with office_scope(actor.office_ids):
        enter(actor, office, "KS", child_full_name="Trần An", child_birth_date="15/06/2018", child_sex="Nam",
              mother_full_name="Lê Bình", mother_birth_date="01/02/1980")  # fmt: skip
    client = signed_in(office)

    def preview(made: ConfigurationProposal) -> str:
        return client.get(reverse("intake:configuration_preview", args=[made.id])).content.decode()

    stricter = draft(client, "tham-so", "mother_gap_max", value="35")
    assert "mother_age_unusual" in preview(stricter)
    assert "Không trường hợp nào" in preview(draft(client, "tham-so", "mother_gap_max", value="50"))
    renamed = draft(client, "danh-muc", "sex", action="map", code="1", target="2")
    assert "1 chỗ ghi trong sổ sẽ được hiểu thành mã khác" in preview(renamed)
    assert "có 1 giá trị đang dùng các mã này" in preview(renamed)
    stranger = signed_in(office, "civil_status_officer", "chi.doc")
    assert stranger.get(reverse("intake:configuration_preview", args=[stricter.id])).status_code == 403


def test_the_file_goes_out_and_comes_in_as_one_proposal(office: Office) -> None:
    client = signed_in(office)
    act(client, "configuration_submit", draft(client, "tham-so", "mother_gap_max", value="50"))
    sent = client.get(reverse("registers:configuration_export"))
    assert [item["key"] for item in json.loads(sent.content)["changes"]] == ["mother_gap_max"]
    change = ConfigurationChange.objects.get()
    client.post(reverse("registers:configuration_take_back", args=[change.id]), {"source": "x", "reason": "y"})
    url, texts = reverse("registers:configuration_import"), {"title": "Cấu hình của Bộ", "reason": "Công văn 1"}
    bad = client.post(url, texts | {"file": SimpleUploadedFile("a.json", b"{")})
    assert "không phải JSON hợp lệ" in bad.content.decode()
    good = client.post(url, texts | {"file": SimpleUploadedFile("a.json", sent.content)})
    assert good.status_code == 302
    assert ConfigurationProposal.objects.get(title="Cấu hình của Bộ").state == ProposalState.APPROVED


def test_the_queue_shows_every_state_in_both_languages(office: Office) -> None:
    client = signed_in(office)
    made = draft(client, "tham-so", "adult_age", value="19")
    assert "Tuổi thành niên" in page(client, "configuration_proposals", **{"trang-thai": "draft"})
    act(client, "configuration_submit", made)
    act(client, "configuration_withdraw", made)
    client.cookies["django_language"] = "en"
    text = page(client, "configuration_proposals", **{"trang-thai": "tat-ca"})
    assert "Withdrawn" in text and "Proposed changes of the configuration" in text
    assert len(Kind) == 4
