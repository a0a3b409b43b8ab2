"""Forms of the screens of digitisation. What a page or a case may be is judged by the services, not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hotich.digitisation.models import ScanBatchState
from hotich.registers.models import Book
from hotich.registers.views.parts import short_name
from hotich.web.forms import HotichForm

MEBIBYTE = 1024 * 1024
FILE_LIMIT = 500 * MEBIBYTE  # a scanner's PDF of a whole book
PAGE_LIMIT = 200 * MEBIBYTE  # one page scanned again
NOTE_LENGTH = 500


class BatchFilter(HotichForm):
    """Narrows the list of batches."""

    state = forms.ChoiceField(label=_("Trạng thái"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("Tất cả")), *((state.value, gettext(state.label)) for state in ScanBatchState)]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]


class NewBatchForm(HotichForm):
    """A batch of pages of one book."""

    book = forms.ChoiceField(label=_("Quyển sổ"), help_text=_("Quyển sổ giấy mà các trang này thuộc về."))
    is_on_demand = forms.BooleanField(
        label=_("Quét theo yêu cầu: có người đang chờ một trường hợp"),
        help_text=_("Đợt quét được xếp lên trước; từ bản quét có thể lập ngay trường hợp để nhập liệu."),
        required=False,
    )
    notes = forms.CharField(
        label=_("Ghi chú"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, books: Iterable[Book], offices: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        many = len(offices) > 1
        choices = [(str(book.id), book_words(book, with_office=many)) for book in books]
        self.fields["book"].choices = [("", gettext("Chọn quyển sổ")), *choices]  # type: ignore[attr-defined]
        self.fields["book"].widget.attrs["data-width"] = "full"


def book_words(book: Book, *, with_office: bool = False) -> str:
    """A book in a list: "Khai sinh 01/2006", with the office that registered where there are several."""
    words = f"{short_name(book.register_type)} {book.label}"
    return f"{words} – {book.origin_office.name}" if with_office else words


class PageFileForm(HotichForm):
    """One page, scanned again or photographed."""

    file = forms.FileField(
        label=_("Tệp ảnh hoặc PDF của trang"),
        help_text=_("JPEG, PNG, TIFF hoặc PDF một trang. Trên điện thoại có thể chụp ngay."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf,.tif,.tiff"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class StartNumberForm(HotichForm):
    """From which number the cases of a batch are counted on."""

    number = forms.IntegerField(
        label=_("Số của trường hợp đầu tiên"), required=False, min_value=1, max_value=99_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "m"}),
    )  # fmt: skip
    registration_year = forms.IntegerField(
        label=_("Năm đăng ký"), required=False, min_value=1800, max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "m"}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class NumberForm(forms.Form):
    """The number of one case, as written: "12", "12a", "12(1)"."""

    number = forms.CharField(required=False, max_length=14)
    version = forms.IntegerField()


class RegistrationForm(HotichForm):
    """Year and day of registration of one case; they stand in the name of its file."""

    registration_year = forms.IntegerField(
        label=_("Năm đăng ký"), required=False, min_value=1800, max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "s"}),
    )  # fmt: skip
    registered_on = forms.CharField(
        label=_("Ngày đăng ký"), required=False, max_length=10, help_text=_("ngày/tháng/năm; phần không rõ để 00"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "m"}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """What an officer decides on a case or a page: why, and on which version he looked."""

    note = forms.CharField(required=False, max_length=NOTE_LENGTH)
    version = forms.IntegerField()
