"""Names to draw invented citizens from; the combinations belong to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

MALE, FEMALE = "1", "2"
T = TypeVar("T")


class Chance(Random):
    """Random, with quicker ways for what is drawn by the million."""

    def pick(self, items: Sequence[T]) -> T:
        """One of them."""
        return items[int(self.random() * len(items))]

    def below(self, end: int, start: int = 0) -> int:
        """A whole number from `start` to before `end`."""
        return start + int(self.random() * (end - start))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _weighted(text: str) -> tuple[str, ...]:
    """ "Nguyễn*38 Trần*11": each word as often as it says, so that a plain choice has the weights."""
    return tuple(
        word for item in text.split() for word, _, times in [item.partition("*")] for _ in range(int(times or 1))
    )


SURNAMES = _weighted(
    "Nguyễn*76 Trần*22 Lê*19 Phạm*14 Hoàng*8 Huỳnh*5 Phan*9 Vũ*5 Võ*5 Đặng*4 Bùi*4 Đỗ*3 Hồ*3 Ngô*3 Dương*2 Lý Đinh*2 "
    "Trương*2 Mai Đoàn Trịnh Hà Cao Tạ Tô Thái Lưu Châu Tống Phùng Lương Kiều Văn Doãn La Chu Thân Ông Tăng Lại"
)
# by the last year of birth of a generation
MEN = (
    (1959, _weighted("Văn*6 Đình Bá Xuân Hữu Trọng Ngọc Duy Công Khắc"),
     _words("Bảy Tư Sáu Thuận Lợi Hòa Hiền Thọ Phúc Lộc Định Kính Cẩn Nghĩa Ninh Quế Tường Thiệu Mậu Khoát Đính Thơ Hợi Tý "
            "Sửu Dần Ngọ Thìn Tuất Cảnh Khang Bồng Dậu Chước Hùng Sơn Bình Thành")),
    (1984, _weighted("Văn*5 Hữu Đình Xuân Ngọc Minh Quang Đức Thanh Công Trọng Bá Viết Tiến Hồng"),
     _words("Hùng Dũng Tuấn Cường Thắng Minh Sơn Hải Hà Bình Long Thành Tâm Chiến Hòa Lâm Quang Trung Nam Tiến Việt Đông "
            "Toàn Sang Phương Tài Vinh Hưng Quý Thái Phước Dân Liêm Vượng Luận Khải Tấn Hiệp Nhân")),
    (2002, _weighted("Văn*3 Minh*2 Quốc Anh Hoàng Đức Ngọc Thanh Trung Xuân Tuấn Duy Quang Hữu Công Thế Mạnh"),
     _words("Tuấn Nam Anh Hoàng Long Hiếu Đạt Linh Duy Phong Tùng Kiên Trung Quân Thịnh Huy Vũ Lộc Phúc Nghĩa Khánh Trường "
            "Giang Tân Đăng Sỹ Cương Hậu Tín Trọng Thiện Thuật Bảo Hưng Toản")),
    (9999, _words("Gia Minh Bảo Anh Hoàng Nhật Đức Quốc Thiên Tuấn Đăng Hải Khánh Phúc Trí"),
     _words("Bảo Huy Khang Minh Khôi Phát Nguyên Phúc Khoa An Kiệt Đăng Quân Phong Bách Hưng Thịnh Lâm Vinh Nhân Tùng Duy "
            "Sang Hào Vương Thiện Long Khải Đạt Quý")),
)  # fmt: skip
WOMEN = (
    (1959, _weighted("Thị*9 Ngọc Kim"),
     _words("Lan Bé Hai Ba Năm Gái Nhàn Tỵ Mão Sửu Thơm Lài Cúc Đào Mận Na Chắt Nụ Hoa Bưởi Cam Quýt Tơ Lụa Là Liễu Huệ Nhạn "
            "Én Khuyên Xoan Bông Thìn Vui Lành Thêm Nhỏ")),
    (1984, _weighted("Thị*8 Kim Ngọc Thanh Thu Hồng Bích Minh Xuân Mỹ"),
     _words("Hoa Hồng Lan Hương Hạnh Thủy Liên Thanh Tuyết Nga Hằng Mai Thu Loan Bình Hà Vân Dung Nhung Oanh Phương Yến Hiền "
            "Lý Xuân Tâm Huệ Cúc Sâm Luyến Thoa Nguyệt Sen Thắm Lệ Tình Định")),
    (2002, _weighted("Thị*5 Ngọc Thanh Thu Thùy Hồng Kim Phương Minh Bích Mỹ Diệu Hoài Như Quỳnh"),
     _words("Trang Linh Hương Thảo Hà Phương Ngân Huyền Nga Thúy Hằng Vân Trinh Hiền Ngọc Yến Nhung Duyên Diễm Trâm Uyên "
            "Loan Thương Oanh Nguyệt Nhi Quyên Tâm Kiều Lài Thắm Chi Dung")),
    (9999, _words("Ngọc Bảo Khánh Minh Gia Thanh Thảo Phương Quỳnh Hà Tuệ Thị An Như Tường Kim Diệu"),
     _words("Anh Vy Ngọc Nhi Hân Thư Trâm My Châu Linh Ngân Quỳnh Như Chi Vân Thảo Yến Trang Uyên Hà Nhiên Lam Diệp Tiên San "
            "Mai Trúc Mẫn Băng Đan")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """How one people names its children. `man`, `woman`: the word put before the name, with its joiner; blank where middle
    and given names are drawn as the Kinh do."""

    name: str
    families: tuple[str, ...]
    man: str = ""
    woman: str = ""
    men: tuple[str, ...] = ()
    women: tuple[str, ...] = ()


KINH = People("Kinh", SURNAMES)
TAY = People("Tày", _words("Nông Hoàng Lương Ma Triệu Hà Bế Lục La Đàm"))
NUNG = People("Nùng", _words("Nông Hoàng Lương Vi Lục Triệu Long Lý Chu Mông"))
MUONG = People("Mường", _words("Bùi Quách Đinh Hà Bạch Phạm Cao"))
THAI = People("Thái", _words("Lò Quàng Cà Lường Hoàng Cầm Tòng Vì Lù"))
HMONG = People(
    "Mông", _words("Giàng Vàng Sùng Thào Hầu Cứ Mùa Hạng Ly Lù Vừ Thò"), "A ", "Thị ",
    _words("Páo Chính Sính Lử Dế Tủa Chứ Pó Vảng Sử Nhè Dơ Súa Lềnh Chá Sài Phừ Cháng Dình Lùng"),
    _words("Mỷ Dợ Sua Máy Mo Dở Chở Xúa Pà Sông Ghếnh Dua Say Chú Bầu Cở Lỳ Nhìa Xay"),
)  # fmt: skip
EDE = People(
    "Ê-đê", _words("Niê Mlô Kbuôr Ayŭn Êban Byă Êñuôl Ktla Hmŏk Hđơk Knul Kpă Adrơng"), "Y ", "H'",
    _words("Bhim Wăn Jŭk Phôn Tlơh Krih Djă Săm Đhin Nguôn Blŏ Lôi Kuan Thăm Mŭi Jônh Djŏ Suê"),
    _words("Bia Mri Juăn Ngoan Blăk Lĭm Rin Yŭk Nhi Luynh Djuăn Wơn Mai Krin Ôt Thuê Siêng Nuên"),
)  # fmt: skip
MNONG = People(
    "Mnông", _words("Ndu Rơ-ông Bkrông Long Ding Triêk Cil Liêng Uông Je"), "Y ", "H'",
    _words("Krang Bông Lak Dhung Sơn Klong Nhang Brơi Duôr Tuyn Mbông"),
    _words("Bang Khen Rơm Dlang Sun Loan Brông Mai Jiêng Ngơi Tham"),
)  # fmt: skip
COHO = People(
    "Cơ-ho", _words("Cil Lơmu Kơ Bon Dagout Liêng Cill Pang Rơ-ông Kră"), "K'", "Ka ",
    _words("Brốp Tàm Brèm Bét Lâm Vảng Sĩu Breo Nhồi Tép Đim"),
    _words("Brôih Mỹ Hoa Nhị Sel Ning Đa Thuyên Ngọc Rôi Len"),
)  # fmt: skip
KHMER = People(
    "Khơ-me", _words("Thạch Sơn Kim Danh Kiên Lâm Châu Liêu Trầm Đào"), "", "Thị ",
    _words("Rươne Thia Phước Rây Hên Khuôl Vanh Rít Đa Mết Khone Rắc Thuôl Rinh"),
    _words("Phươl Kha Phia Tha Ron Ni Da Rương Thươl Pha Vi Lai Vươne Hên"),
)  # fmt: skip

# who lives where: code of the province -> peoples; elsewhere nearly all are Kinh
LOCAL = {
    "66": (EDE, EDE, MNONG, HMONG, TAY, NUNG), "68": (COHO, COHO, MNONG, NUNG, KHMER), "20": (TAY, NUNG), "04": (TAY, NUNG),
    "15": (HMONG, TAY), "11": (THAI, HMONG), "14": (THAI, MUONG, HMONG), "12": (THAI, HMONG), "25": (MUONG,), "86": (KHMER,),
    "92": (KHMER,), "52": (MNONG, EDE),
}  # fmt: skip


def surname(chance: Chance, people: People) -> str:
    """What is handed on in a family."""
    return chance.pick(people.families)


def full_name(chance: Chance, people: People, family: str, sex: str, year: int) -> str:
    """A whole name, true to people, sex and generation."""
    man = sex == MALE
    if people.men:
        given = chance.pick(people.men if man else people.women)
        mark = people.man if man else people.woman
        return f"{mark}{given} {family}" if people in (EDE, MNONG, COHO) else f"{family} {mark}{given}"
    _, middles, givens = next(row for row in (MEN if man else WOMEN) if year <= row[0])
    given = chance.pick(givens)
    middle = chance.pick(middles)
    if year > 1979 and chance.random() < 0.2:
        extra = chance.pick(givens)
        if extra not in (given, middle):
            return f"{family} {middle} {extra} {given}"
    return f"{family} {middle} {given}"
