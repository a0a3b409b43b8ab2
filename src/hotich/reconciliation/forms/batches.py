"""What to compare, and with whose citizens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.web.forms import HotichForm

LIMIT = 512 * 1024 * 1024
UPLOAD = "upload"
Choices = Sequence[tuple[str, Any]]


class MatchRunForm(HotichForm):
    """One comparison. `what` and `source` are told as kind:id; the service asks again whether both are in reach."""

    section_fields = (
        (_("Phạm vi đối chiếu"), ("what",)),
        (_("Với dữ liệu dân cư"), ("source", "file")),
    )
    what = forms.ChoiceField(label=_("Sổ, cơ quan, địa bàn"), widget=forms.Select(attrs={"data-width": "xl"}))
    source = forms.ChoiceField(label=_("Nguồn dữ liệu dân cư"), widget=forms.Select(attrs={"data-width": "xl"}))
    file = forms.FileField(
        label=_("Tệp trích xuất (.parquet)"),
        required=False,
        help_text=_("Chỉ khi tải tệp lên: tệp Parquet do CSDL dân cư trích xuất, tối đa 512 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".parquet", "data-width": "xl"}),
    )

    def __init__(self, *args: Any, what: Choices, source: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = what  # type: ignore[attr-defined]
        self.fields["what"].help_text = _("Mọi người có tên trong các bản ghi đang có hiệu lực, trừ người đi khai.")
        self.fields["source"].choices = source  # type: ignore[attr-defined]
        self.fields["source"].help_text = _(
            "Nên chọn cả tỉnh: người đã chuyển đi nơi khác trong tỉnh vẫn được tìm thấy."
        )

    def clean_file(self) -> UploadedFile | None:
        """The file, not above the size. ValidationError too_large."""
        given: UploadedFile | None = self.cleaned_data.get("file")
        if given is not None and (given.size or 0) > LIMIT:
            raise forms.ValidationError(gettext("Tệp quá lớn: tối đa 512 MB."), code="too_large")
        return given

    def clean(self) -> dict[str, Any]:
        """A file is needed for an upload. ValidationError missing."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("source") == UPLOAD and not given.get("file") and "file" not in self.errors:
            self.add_error("file", forms.ValidationError(gettext("Chưa chọn tệp."), code="missing"))
        return given

    def wanted(self) -> dict[str, str]:
        """Keyword arguments of `start_match_run` but for the file: scope, scope_id, area, extract_id ("" for none)."""
        scope, _colon, scope_id = self.cleaned_data["what"].partition(":")
        kind, _colon, value = self.cleaned_data["source"].partition(":")
        return {
            "scope": scope, "scope_id": scope_id, "area": value if kind == "fetch" else "",
            "extract_id": value if kind == "extract" else "",
        }  # fmt: skip
