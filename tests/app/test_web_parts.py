"""Fields, texts and refusals as they reach the page (no database needed)."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.http import HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from hotich.kernel.problems import Problem, RuleBroken, Severity
from hotich.web import texts
from hotich.web.forms import HotichForm
from hotich.web.middleware import RuleBrokenMiddleware

WEB = Path(texts.__file__).parent


class Sample(HotichForm):
    section_fields = (("Một", ("name",)), ("Trống", ("gone",)))
    name = forms.CharField(label="Họ tên", max_length=5, help_text="Như trên giấy")
    sex = forms.ChoiceField(label="Giới tính", choices=[("1", "Nam"), ("2", "Nữ")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


class Tags(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def one(self, tag: str) -> dict[str, str | None]:
        return next(attrs for name, attrs in self.found if name == tag)

    def ids(self) -> set[str | None]:
        return {attrs.get("id") for _, attrs in self.found}


def render(source: str, **context: Any) -> str:
    return Template("{% load hotich %}" + source).render(Context(context))


def test_hint_error_and_warning_are_tied_to_the_control() -> None:
    doubt = {"name": [Problem("sample_warning", "name", Severity.WARNING)]}
    page = Tags(render("{% field form.name %}", form=Sample({"name": "quá dài rồi"}, problems=doubt)))
    control = page.one("input")
    assert control["aria-invalid"] == "true"
    described = (control["aria-describedby"] or "").split()
    assert described == ["id_name-hint", "id_name-error", "id_name-warning"]
    assert set(described) <= page.ids()


def test_a_field_without_findings_points_at_nothing_that_is_not_there() -> None:
    page = Tags(render("{% field form.name %}", form=Sample()))
    assert page.one("input")["aria-describedby"] == "id_name-hint"
    assert "aria-invalid" not in page.one("input")


def test_a_finding_shows_its_text_with_its_parameters() -> None:
    found = {"name": [Problem("sample_error", "name", Severity.ERROR, {"most": 80})]}
    assert "giá trị vượt quá 80 ký tự" in render("{% field form.name %}", form=Sample(problems=found))


def test_a_choice_is_a_fieldset_with_a_legend_and_its_errors() -> None:
    markup = render("{% field form.sex %}", form=Sample({}))
    page = Tags(markup)
    assert page.one("fieldset")["aria-describedby"] == "id_sex-error"
    assert "id_sex-error" in page.ids()
    assert [attrs["for"] for tag, attrs in page.found if tag == "label"] == ["id_sex_0", "id_sex_1"]


def test_the_error_summary_links_to_controls_that_exist() -> None:
    form = Sample({})
    links = {attrs["href"] for tag, attrs in Tags(render("{% error_summary form %}", form=form)).found if tag == "a"}
    ids = Tags(render("{% field form.name %}{% field form.sex %}", form=form)).ids()
    assert links == {"#id_name", "#id_sex_0"}
    assert {(link or "")[1:] for link in links} <= ids


def test_no_field_is_lost_by_the_sections() -> None:
    sections = [(str(section.title), [bound.name for bound in section.fields]) for section in Sample().sections()]
    assert sections == [("Một", ["name"]), ("", ["sex"])]


def test_an_unknown_width_is_refused_while_building() -> None:
    with pytest.raises(TemplateSyntaxError, match="width"):
        render('{% field form.name width="huge" %}', form=Sample())


def test_values_and_labels_are_escaped() -> None:
    markup = render("{% field form.name label=bad %}", bad="<b>", form=Sample({"name": '"><script>'}))
    assert "<script>" not in markup
    assert "<b>" not in markup


def test_a_refusal_is_shown_at_its_field_or_above_the_form() -> None:
    form = Sample({"name": "An", "sex": "1"})
    assert form.is_valid()
    form.refuse(RuleBroken("sample_refusal", field="name"))
    form.refuse(RuleBroken("sample_refusal", field="not_here"))
    assert len(form.errors["name"]) == 1
    assert len(form.non_field_errors()) == 1


def test_a_code_without_a_text_shows_itself() -> None:
    assert texts.text_of("no_such_code", {"a": 1}) == "no_such_code"


def test_a_parameter_that_was_not_given_does_not_break_the_text() -> None:
    assert "vượt quá – ký tự" in texts.text_of("sample_error")


def test_dates_in_texts_are_shown_as_dates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "messages", lambda: {"x": "Trước {day}."})
    assert texts.text_of("x", {"day": date(2006, 3, 1)}) == "Trước 01/03/2006."


def test_two_texts_for_one_code_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter(["một", "hai"])
    monkeypatch.setattr(texts, "_messages_of", lambda name: {"same": next(found, "hai")})
    texts.messages.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="same"):
        texts.messages()
    texts.messages.cache_clear()


def test_texts_follow_the_language() -> None:
    call_command("compile_messages", verbosity=0)
    problem = Problem("sample_error", params={"most": 80})
    assert "80 characters" in texts.text_of_problem(problem, lang="en")
    assert "80 ký tự" in texts.text_of_problem(problem, lang="vi")


@pytest.mark.parametrize(("lang", "text"), [("vi", "1.234 · 12,5% · 01/03/2006"), ("en", "1,234 · 12.5% · 01/03/2006")])
def test_filters_follow_the_language(lang: str, text: str) -> None:
    with translation.override(lang):
        shown = render("{{ a|number }} · {{ b|percent:8 }} · {{ c|day }}", a=1234, b=1, c=date(2006, 3, 1))
    assert shown == text


def refuse(request: Any) -> HttpResponse:
    raise RuleBroken("sample_refusal")


def test_a_refusal_nobody_caught_becomes_a_page_with_its_code() -> None:
    request = RequestFactory().post("/")
    answer = RuleBrokenMiddleware(refuse).process_exception(request, RuleBroken("sample_refusal"))
    assert answer is not None
    assert answer.status_code == 409
    assert "sample_refusal" in answer.content.decode()


def test_htmx_gets_the_refusal_as_a_line_for_the_alerts() -> None:
    request = RequestFactory().post("/", headers={"HX-Request": "true"})
    answer = RuleBrokenMiddleware(refuse).process_exception(request, RuleBroken("sample_refusal"))
    assert answer is not None
    assert answer["HX-Retarget"] == "#alerts"
    assert 'role="alert"' in answer.content.decode()


def test_other_exceptions_are_left_alone() -> None:
    assert RuleBrokenMiddleware(refuse).process_exception(RequestFactory().get("/"), ValueError()) is None


def test_no_template_carries_inline_style_or_script() -> None:
    wrong = []
    for path in WEB.rglob("*.html"):
        for tag, attrs in Tags(path.read_text(encoding="utf-8")).found:
            inline = tag == "style" or (tag == "script" and "src" not in attrs)
            if inline or "style" in attrs or any(name.startswith("on") for name in attrs):
                wrong.append(f"{path.name}: <{tag}>")
    assert wrong == []


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    import re

    from hotich.web.templatetags.hotich import icon_names

    named = set()
    for path in WEB.parent.rglob("templates/**/*.html"):
        named |= set(re.findall(r"""\{% icon "([a-z-]+)\"""", path.read_text(encoding="utf-8")))
    assert named - set(icon_names()) == set()
