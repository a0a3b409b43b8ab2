"""What the style guide shows: invented rows and counts, no citizen's data and no domain rule."""

from __future__ import annotations

from hotich.kernel.problems import Problem, Severity
from hotich.web.rules.navigation import NavigationItem, Shell
from hotich.web.rules.svg import Part
from hotich.web.rules.tables import Cell, Column, Row

NAVIGATION = (
    NavigationItem("Trang đầu", "/giao-dien/", icon="home"),
    NavigationItem("Danh sách", "/giao-dien/danh-sach/", icon="queue", group="Mẫu trang", count=1284),
    NavigationItem("Biểu mẫu", "/giao-dien/bieu-mau/", icon="edit", group="Mẫu trang", count=12),
    NavigationItem("Biểu mẫu bên bản chụp", "/giao-dien/ben-ban-chup/", icon="scan", group="Mẫu trang"),
    NavigationItem("Thông báo lỗi", "/giao-dien/loi/", icon="error", group="Mẫu trang"),
    NavigationItem("Biểu tượng", "/giao-dien/bieu-tuong/", icon="dictionary", group="Tra cứu"),
)
SHELL = Shell(
    officer_name="Cán bộ mẫu",
    office_name="Cơ quan mẫu",
    post_name="Vị trí mẫu",
    post_url="/giao-dien/",
    home_url="/giao-dien/",
    search_url="/giao-dien/danh-sach/",
    search_label="Tìm trong danh sách",
)
COLUMNS = (
    Column("Số", kind="number", sort_url="?sort=number", sorted="ascending"),
    Column("Tên gọi", sort_url="?sort=name"),
    Column("Ngày ghi", kind="date"),
    Column("Mã", kind="code"),
    Column("Trạng thái"),
    Column("Số lượng", kind="number"),
    Column("Việc", kind="actions", hide_label=True),
)
_STATES = (
    ("Chờ duyệt", "accent"),
    ("Đã duyệt", "ok"),
    ("Cần sửa", "error"),
    ("Có cảnh báo", "warning"),
    ("Nháp", "muted"),
)
_NAMES = (
    "Phần thứ nhất",
    "Phần có tên dài để thử cách xuống dòng trong ô hẹp",
    "Ĕ Ĭ Ŏ Ŭ ê̆ ô̆",
    "Phần bổ sung",
    "Phần cuối",
)


def rows(count: int) -> list[Row]:
    """So many rows, every state and width in turn."""
    return [_row(number) for number in range(1, count + 1)]


def _row(number: int) -> Row:
    text, tone = _STATES[number % len(_STATES)]
    name = _NAMES[number % len(_NAMES)]
    cells = (
        Cell(number),
        Cell(name, url=f"#row-{number}", note="Ghi chú thêm" if number % 4 == 0 else ""),
        Cell(f"20{number % 24:02d}-0{number % 9 + 1}-1{number % 10}"),
        Cell(f"M-{number:04d}"),
        Cell(text, tone=tone),
        Cell(number * 1237),
        Cell("Mở", url=f"#row-{number}"),
    )
    return Row(str(number), cells, tone=tone if tone in ("error", "warning") else "")


PARTS = (
    Part("Đã duyệt", 6120, "ok"),
    Part("Chờ duyệt", 1284, "accent"),
    Part("Cần sửa", 37, "error"),
    Part("Chưa nhập", 2559, "muted"),
)
DAILY = (212, 240, 198, 260, 301, 288, 310, 275, 322, 340, 331, 356)
FACTS = (
    {"label": "Tên gọi", "value": "Một giá trị", "note": "Ghi chú dưới giá trị"},
    {"label": "Ngày", "value": "03/1998", "tone": "warning", "tone_text": "Chưa kiểm chứng"},
    {"label": "Không ghi", "value": "", "absent": "không ghi"},
    {"label": "Giá trị dài", "value": "Một giá trị dài chiếm hết chiều ngang của bảng", "wide": True},
)
TIMELINE = (
    {"title": "Duyệt", "who": "Người duyệt", "at": "08:15 02/03/2026", "tone": "ok"},
    {
        "title": "Trả lại",
        "who": "Người kiểm tra",
        "at": "16:40 01/03/2026",
        "tone": "warning",
        "text": "Thiếu trang hai.",
    },
    {"title": "Nhập", "who": "Người nhập", "at": "09:02 01/03/2026"},
)
PROBLEMS = {
    "name": (Problem("sample_error", "name", Severity.ERROR, {"most": 80}),),
    "recorded_on": (Problem("sample_warning", "recorded_on", Severity.WARNING),),
}
