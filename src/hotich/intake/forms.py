"""Forms of the intake screens. What a workbook or a case says is judged by services and checks, not here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from hotich.intake.models import BatchState, CaseState
from hotich.kernel.problems import RuleBroken
from hotich.registers.rules.outputs import text_in
from hotich.registers.types import ERA_PERIODS, REGISTER_TYPES
from hotich.web.forms import FormSection, HotichForm
from hotich.web.rules.formats import size_text
from hotich.web.texts import text_of

# its own words: "Đã nhập" means something else of a record
BATCH_LABELS = {
    BatchState.LOADING: gettext_noop("Đang nhập"),
    BatchState.LOADED: gettext_noop("Nhập xong"),
    BatchState.WITHDRAWN: gettext_noop("Đã rút"),
}
MEBIBYTE = 1024 * 1024
WORKBOOK_LIMIT = 50 * MEBIBYTE
SCANS_LIMIT = 500 * MEBIBYTE
SCAN_LIMIT = 20 * MEBIBYTE
RESPONSE_LIMIT = 20 * MEBIBYTE
REASON_LENGTH = 500


def _lang() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def register_choices() -> list[tuple[str, str]]:
    """Register types by their letters, with their short names."""
    return [(letters, text_in(found.short, _lang())) for letters, found in REGISTER_TYPES.items()]


def era_choices() -> list[tuple[str, str]]:
    """Eras with their periods, oldest first."""
    return [(era.value, text_in(period.label, _lang())) for era, period in ERA_PERIODS.items()]


class LimitedFileField(forms.FileField):
    """A file of certain endings and not above a size; says how large the given one is."""

    def __init__(self, *, limit: int, endings: tuple[str, ...], **kwargs: Any) -> None:
        self.limit, self.endings = limit, endings
        widget = forms.ClearableFileInput(attrs={"accept": ",".join(endings)})
        super().__init__(widget=kwargs.pop("widget", widget), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        """The file. ValidationError wrong_ending, too_large."""
        given: UploadedFile | None = super().clean(data, initial)
        if given is None:
            return None
        name = given.name or ""
        if not name.lower().endswith(self.endings):
            raise forms.ValidationError(
                gettext("Tệp “%(name)s” không đúng loại: cần tệp %(endings)s.")
                % {"name": name, "endings": ", ".join(self.endings)},
                code="wrong_ending",
            )
        if (given.size or 0) > self.limit:
            raise forms.ValidationError(
                gettext("Tệp quá lớn: %(size)s, tối đa %(limit)s.")
                % {"size": size_text(given.size or 0, _lang()), "limit": size_text(self.limit, _lang())},
                code="too_large",
            )
        return given


class UploadForm(HotichForm):
    """One register book: where it was registered, the workbook, the scans."""

    section_fields = (
        (_("Sổ thuộc về"), ("office", "era")),
        (_("Tệp"), ("workbook", "scans")),
        (_("Sổ đã có nơi nhập"), ("claims_reason",)),
    )
    office = forms.TypedChoiceField(label=_("Cơ quan đã đăng ký"), coerce=int)
    era = forms.ChoiceField(label=_("Thời kỳ của sổ"), required=False)
    workbook = LimitedFileField(label=_("Tệp Excel theo mẫu"), limit=WORKBOOK_LIMIT, endings=(".xlsx",))
    scans = LimitedFileField(
        label=_("Tệp nén các bản chụp (.zip)"), limit=SCANS_LIMIT, endings=(".zip",), required=False
    )
    claims_reason = forms.CharField(
        label=_("Vì sao vẫn nhập tệp này"),
        help_text=_(
            "Ví dụ: đây là tệp Công an xuất ra từ phần mềm của Công an. Lý do được ghi vào nhật ký và đợt nhập."
        ),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"data-width": "xl", "autocomplete": "off", "lang": "vi"}),
    )

    def __init__(self, *args: Any, offices: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claims: list[str] = []
        self.fields["office"].choices = list(offices.items())  # type: ignore[attr-defined]
        self.fields["office"].help_text = _("Chọn cơ quan ghi trên bìa sổ, kể cả cơ quan cũ mà mình đang giữ sổ.")
        self.fields["office"].widget.attrs["data-width"] = "xl"
        era = self.fields["era"]
        era.choices = [("", gettext("Theo ngày đăng ký của từng dòng")), *era_choices()]  # type: ignore[attr-defined]
        era.help_text = _("Chỉ chọn khi cả quyển cùng một mẫu sổ.")
        era.widget.attrs["data-width"] = "m"
        limits = {"workbook": WORKBOOK_LIMIT, "scans": SCANS_LIMIT}
        hints = {
            "workbook": gettext("Trang tính “DL Import”, mỗi dòng một trường hợp; tối đa %(limit)s."),
            "scans": gettext("Mỗi trường hợp một tệp PDF, đặt tên theo hướng dẫn của Bộ; tối đa %(limit)s."),
        }
        for name, hint in hints.items():
            self.fields[name].help_text = hint % {"limit": f"{limits[name] // MEBIBYTE} MB"}
            self.fields[name].widget.attrs["data-width"] = "l"

    def refuse(self, refusal: RuleBroken) -> None:
        """Show a refusal; of a book that is entered in another way, who does it."""
        self.claims = [text_of(claim.code, claim.params) for claim in refusal.params.get("claims", ())]
        super().refuse(refusal)

    def sections(self) -> Iterator[FormSection]:
        """Why a book goes in that has its place elsewhere is asked only where there is one."""
        asks = bool(self.claims) or bool(self.data.get("claims_reason"))
        return (found for found in super().sections() if asks or found.code != "claims_reason")


class BatchFilter(HotichForm):
    """The list of batches, narrowed."""

    state = forms.ChoiceField(label=_("Trạng thái"), required=False)
    type = forms.ChoiceField(label=_("Loại sổ"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", gettext("Tất cả"))
        states = [(state.value, gettext(BATCH_LABELS[state])) for state in BatchState]
        self.fields["state"].choices = [everything, *states]  # type: ignore[attr-defined]
        self.fields["type"].choices = [everything, *register_choices()]  # type: ignore[attr-defined]


class HeldFilter(HotichForm):
    """The list of cases to be mended, narrowed."""

    state = forms.ChoiceField(label=_("Trạng thái"), required=False)
    type = forms.ChoiceField(label=_("Loại sổ"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", gettext("Tất cả"))
        states = [(state.value, gettext(str(state.label))) for state in (CaseState.HELD, CaseState.RETURNED)]
        self.fields["state"].choices = [everything, *states]  # type: ignore[attr-defined]
        self.fields["type"].choices = [everything, *register_choices()]  # type: ignore[attr-defined]


class ScanForm(HotichForm):
    """Another scan for a case."""

    scan = LimitedFileField(
        label=_("Tệp PDF"),
        limit=SCAN_LIMIT,
        endings=(".pdf",),
        help_text=_("Một trường hợp một tệp, nên không quá 100 KB."),
    )


class ReasonForm(HotichForm):
    """Why something is given back or undone."""

    reason = forms.CharField(
        label=_("Lý do"),
        max_length=REASON_LENGTH,
        validators=[MaxLengthValidator(REASON_LENGTH)],
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ResponseFileForm(HotichForm):
    """The Ministry's answer to a file, as the workbook that came back."""

    response = LimitedFileField(label=_("Tệp kết quả của Bộ"), limit=RESPONSE_LIMIT, endings=(".xlsx",))
