"""The words of the keying screen about the population database, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _


def population_texts() -> dict[str, str]:
    """code -> words, with {name} to be filled in by the browser."""
    return {**_panel(), **_outcomes(), **_absences()}


def _panel() -> dict[str, str]:
    return {
        "population_title": _("CSDL dân cư – {who}"),
        "population_now": _("đang ghi: {outcome}"),
        "population_asking": _("Đang tra cứu…"),
        "population_found": _("Tìm thấy {n} người, giống nhất đứng trước. Đối chiếu với sổ rồi chọn."),
        "population_nobody": _("Không tìm thấy ai. Bấm A để ghi “Không tìm thấy” và chọn lý do."),
        "population_refused": _("Không tra cứu được câu hỏi này."),
        "population_no_name": _("Chưa có họ tên hoặc số định danh để tra cứu. Hãy nhập họ tên trước."),
        "population_not_here": _("Ở đây không tra cứu được CSDL dân cư."),
        "population_later": _("Không có kết nối: câu hỏi được giữ lại và sẽ được hỏi khi có mạng. Cứ nhập tiếp."),
        "population_queued": _("CSDL dân cư chưa trả lời: câu hỏi đã xếp hàng. Cứ nhập tiếp."),
        "population_came": _("Đã có trả lời của CSDL dân cư về {name}: bấm F3 để xem."),
        "population_chosen": _("Đã ghi kết quả: {outcome}"),
        "population_father": _("cha:"),
        "population_mother": _("mẹ:"),
        "population_male": _("Nam"),
        "population_female": _("Nữ"),
        "population_dead": _("đã chết"),
        "population_missing": _("mất tích"),
    }


def _outcomes() -> dict[str, str]:
    return {
        "population_equal": _("Trùng khớp"),
        "population_different": _("Không trùng khớp"),
        "population_absent": _("Không tìm thấy"),
        "population_clerk": _("Chưa xác định được"),
        "population_pending": _("Chờ trả lời"),
        "population_badge_equal": _("✓ Trùng khớp"),
        "population_badge_different": _("≠ Không trùng khớp"),
        "population_badge_absent": _("∅ Không tìm thấy"),
        "population_badge_clerk": _("? Chưa xác định"),
        "population_badge_pending": _("… Chờ trả lời"),
        "population_badge_answered": _("Có trả lời: F3"),
        "population_badge_stale": _("Đã sửa, tra lại: F3"),
    }


def _absences() -> dict[str, str]:
    return {
        "absence_title": _("Vì sao không có trong CSDL dân cư?"),
        "absence_number": _(
            "Sổ ghi số định danh nhưng CSDL dân cư không có: hãy xem lại số trên bản chụp. Nếu sổ ghi đúng như vậy, "
            "công an xác minh số trước khi đề nghị lập mới."
        ),
        "absence_text": _("Chọn bằng phím số; không có lý do thì không gửi đề nghị lập mới."),
        "absence_words_missing": _("Hãy ghi lý do khác bằng lời."),
        "absence_dead": _("Đã chết trước khi thu thập"),
        "absence_abroad": _("Đã ra nước ngoài"),
        "absence_foreign": _("Người nước ngoài"),
        "absence_never_collected": _("Chưa được thu thập"),
        "absence_newborn": _("Trẻ mới sinh"),
        "absence_other": _("Lý do khác"),
    }
