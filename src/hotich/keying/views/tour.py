"""The words of the first-use tour. A page shows it with `{{ tour|json_script:"tour-data" }}` and the script keying-tour
(or `watchTour` of ts/parts/tour.ts); its parts are marked `data-tour-part="…"`; `data-tour-again` shows it again.
"""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _

Step = tuple[str, str, str]


def tour(request: HttpRequest, name: Literal["home", "screen"]) -> dict[str, Any]:
    """The tour of the keyer's home, or of the keying screen, for the officer of this request."""
    steps = _home() if name == "home" else _screen()
    return {
        "name": name,
        "user": str(request.user.pk or ""),
        "steps": [{"part": part, "title": title, "text": text} for part, title, text in steps],
        "words": {
            "step": _("Bước {n} trên {all}"),
            "back": _("Bước trước"),
            "next": _("Tiếp theo"),
            "end": _("Tôi đã hiểu"),
            "skip": _("Bỏ qua phần giới thiệu"),
        },
    }


def _home() -> list[Step]:
    return [
        (
            "",
            _("Chào bạn"),
            _("Đây là nơi bạn nhận việc. Một gói nhập liệu là vài chục trường hợp liền nhau của một quyển sổ."),
        ),
        (
            "take",
            _("Nhận gói"),
            _("Bấm vào đây để nhận gói. Ảnh được tải về máy này; tải xong, mất mạng vẫn nhập được."),
        ),
        (
            "practice",
            _("Chưa quen tay?"),
            _("Mở sổ luyện tập: mười hai trường hợp bịa ra, có chấm bài, không có gì được lưu."),
        ),
        (
            "outbox",
            _("Bài chờ gửi"),
            _("Bài nhập xong nằm ở đây cho đến khi máy chủ nhận. Còn số chờ gửi thì đừng xóa dữ liệu trình duyệt."),
        ),
    ]


def _screen() -> list[Step]:
    return [
        (
            "scan",
            _("Bên trái là ảnh của sổ"),
            _("Gõ đến ô nào, ảnh dời đến chỗ đó. Ctrl và + hoặc − để phóng to, thu nhỏ."),
        ),
        (
            "form",
            _("Bên phải là các ô, theo thứ tự của sổ"),
            _("Nhập đúng như sổ viết, kể cả khi sổ viết sai. Enter sang ô sau; không cần chuột."),
        ),
        (
            "form",
            _("Ngày và giới tính"),
            _("Ngày gõ liền chữ số: 02032009. Giới tính: 1 là Nam, 2 là Nữ. Nơi chốn: gõ vài chữ không dấu rồi chọn."),
        ),
        (
            "form",
            _("Không đọc được, sổ không ghi"),
            _("F4: có chữ mà không đọc được. F8: sổ để trống. Đừng đoán, đừng để trống."),
        ),
        (
            "save",
            _("Lưu và sang trường hợp sau"),
            _("Ctrl + Enter. Ô trống trở lại nghĩa là bài đã nằm an toàn trong máy."),
        ),
        (
            "outbox",
            _("Bài chờ gửi"),
            _("Mất mạng thì số này tăng lên, có mạng lại tự giảm. Bài bị trả lại cũng hiện ở đây, kèm lý do."),
        ),
        ("help", _("Quên phím thì bấm F1"), _("Mọi phím ở trên một thẻ. Lời giới thiệu này cũng xem lại được ở đó.")),
    ]
