"""The words of the keying screen's script, in the language of the page: code → words with {name} to be filled in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hotich.keying.rules.client_checks import client_checks
from hotich.keying.views.population_texts import population_texts
from hotich.records.models import AnnotationKind
from hotich.registers.types import REGISTER_TYPES
from hotich.web.texts import text_of


class _Braces(dict[str, str]):
    """Params that leave every {name} of a text as it is: the browser fills them in."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__({name: f"{{{name}}}" for name in names})


PARAMS = ("text", "number", "book", "date", "other", "year", "limit", "length", "today", "parent", "child")


def entry_texts() -> dict[str, str]:
    """All the words the script may say."""
    return {
        **_check_texts(),
        **_note_texts(),
        **_field_texts(),
        **_case_texts(),
        **_page_texts(),
        **_practice_texts(),
        **population_texts(),
    }


def _check_texts() -> dict[str, str]:
    codes = {check["code"] for kind in REGISTER_TYPES.values() for version in kind.every_version
             for check in client_checks(version)}  # fmt: skip
    texts = {code: text_of(code, _Braces(PARAMS)) for code in sorted(codes)}
    texts["carried_unlike_parents"] = _(
        "Giá trị này lấy từ trường hợp trước, không giống của cha và của mẹ: sửa theo sổ, hoặc xác nhận bằng F9."
    )
    texts["number_in_package"] = _("Số này đã có trong gói; nếu sổ ghi hai lần cùng một số thì hãy xác nhận bằng F9.")
    return texts


def _note_texts() -> dict[str, str]:
    kinds = {f"note_{kind.value}": _(kind.label) for kind in AnnotationKind}
    return kinds | {
        "notes_no_field": _("Không thay đổi trường nào"),
        "notes_add": _("Thêm ghi chú"),
        "notes_change": _("Ghi lại ghi chú này"),
        "notes_edit": _("Sửa"),
        "notes_remove": _("Bỏ"),
        "notes_empty": _("Hãy ghi nội dung của ghi chú, hoặc chọn trường được thay đổi."),
        "notes_n": _("{n} ghi chú ở lề"),
    }


def _field_texts() -> dict[str, str]:
    return {
        "reason_illegible": _("Không đọc được"),
        "reason_not_written": _("Sổ không ghi"),
        "reason_assigned": _("Số gán thay"),
        "filled": _("{filled}/{total}"),
        "section_closed": _("đóng – Ctrl + ↓ để mở"),
        "confirmed": _("Đã xác nhận: {reason}"),
        "why_as_book": _("Sổ ghi đúng như vậy"),
        "why_compared": _("Đã đối chiếu kỹ với bản quét"),
        "why_compared_paper": _("Đã đối chiếu kỹ với sổ giấy"),
        "why_unclear": _("Chữ trong sổ không rõ, nhập theo nét đọc được"),
        "why_book_blank": _("Sổ để trống chỗ này"),
        "other_reason": _("Lý do khác"),
        "error_stands": _(
            "Đây là lỗi: nếu sổ ghi đúng như vậy thì chọn lý do; trường hợp sẽ được giữ lại để người phụ trách xem."
        ),
        "column_place": _("Vị trí"),
        "carried_hint": _("Lấy từ trường hợp trước: đối chiếu với sổ; khác thì gõ đè lên."),
    }


def _case_texts() -> dict[str, str]:
    return {
        "state_case": _("Trường hợp"),
        "state_open": _("Chưa nhập"),
        "state_void": _("Số bị hủy"),
        "state_missing": _("Trang thiếu hoặc rách"),
        "state_blank": _("Trang trắng, không có trường hợp nào"),
        "no_case_title": _("Không có trường hợp ở đây?"),
        "no_case_text": _("Chọn bằng phím số. Những gì đang gõ dở ở trường hợp này sẽ không được lưu."),
        "void_reason_1": _("Số bị gạch bỏ trong sổ"),
        "void_reason_2": _("Sổ ghi “hủy” hoặc “bỏ”"),
        "void_reason_3": _("Số bị bỏ cách, không có nội dung"),
        "missing_reason_1": _("Thiếu trang"),
        "missing_reason_2": _("Trang rách, mất phần nội dung"),
        "missing_reason_3": _("Bản quét thiếu hoặc hỏng"),
        "blank_reason_1": _("Trang trắng"),
        "blank_reason_2": _("Trang bìa, trang khóa sổ"),
        "blank_reason_3": _("Trang mục lục hoặc ghi chép khác"),
        "leave_title": _("Bỏ những gì vừa gõ?"),
        "leave_text": _("Trường hợp này đã thay đổi mà chưa lưu (Ctrl + Enter để lưu)."),
        "yes": _("Bỏ"),
        "no": _("Ở lại"),
        "kept": _("Đã lưu: {label}"),
        "not_kept": _("CHƯA LƯU ĐƯỢC: máy này không ghi được xuống đĩa. Đừng đóng trang; hãy báo quản trị."),
        "all_done": _("Đã nhập hết gói này. Sửa chỗ cần sửa (F6) nếu còn, rồi về “Nhập liệu” để trả gói."),
        "all_done_second": _("Đã nhập lại hết các trường hợp chờ. Về “Kiểm tra” để quyết định và hoàn thành."),
        "place_of": _("Trường hợp {n}/{total} · đã nhập {done}"),
        "peek_of": _("Ảnh của trường hợp {n}/{total}, không phải trường hợp đang nhập"),
        "place_of_number": _("Số {number} · {n}/{total} · đã nhập {done}"),
        "place_n": _("vị trí {n}"),
    }


def _page_texts() -> dict[str, str]:
    return {
        "kind_key": _("Nhập lần đầu"),
        "kind_critical": _("Nhập lại trường trọng yếu"),
        "kind_double": _("Nhập lại toàn bộ"),
        "kind_sample": _("Nhập lại theo mẫu"),
        "kind_practice": _("Luyện tập – không lưu"),
        "today": _("Hôm nay {cases}"),
        "today_speed": _("Hôm nay {cases} · {speed}/giờ"),
        "loading": _("Đang tải gói…"),
        "loading_pictures": _("Đang tải ảnh: {done}/{total}"),
        "no_package": _("Chưa chọn gói để nhập."),
        "load_signed_out": _("Phiên làm việc đã hết, hoặc gói này không phải của bạn. Hãy đăng nhập lại rồi mở gói."),
        "load_unknown": _("Không có gói này, hoặc gói đã được lấy lại."),
        "load_offline": _("Gói này chưa được tải về máy và hiện không nối được với máy chủ."),
        "broken": _(
            "Màn hình không mở được. Những gì đã lưu vẫn nằm trên máy này; hãy tải lại trang, hoặc báo quản trị."
        ),
        "picture_of": _("Ảnh bản quét của vị trí {n}"),
        "no_picture": _("Không có ảnh: nhập từ sổ giấy."),
        "picture_not_here": _("Ảnh chưa tải về được; ảnh hiện ra khi có kết nối."),
    }


def _practice_texts() -> dict[str, str]:
    return {
        "practice_wrong": _("{n} chỗ khác đáp án (cái bạn nhập → đáp án):"),
        "practice_right": _("Đúng hết. Nhấn Enter để sang trường hợp sau."),
        "practice_state": _("Loại"),
        "practice_blank": _("(trống)"),
        "practice_notes": _("Số ghi chú ở lề"),
    }
