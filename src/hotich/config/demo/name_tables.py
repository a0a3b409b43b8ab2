"""Name parts by people, sex and time of birth. Chosen by hand; the combinations belong to nobody."""

from __future__ import annotations

# Surnames of the Kinh with weights near their known frequency.
KINH_SURNAMES: dict[str, float] = {
    "Nguyễn": 38,
    "Trần": 11,
    "Lê": 9.5,
    "Phạm": 7,
    "Hoàng": 4,
    "Huỳnh": 2.5,
    "Phan": 4.5,
    "Vũ": 2.4,
    "Võ": 2.4,
    "Đặng": 2.1,
    "Bùi": 2,
    "Đỗ": 1.6,
    "Hồ": 1.4,
    "Ngô": 1.3,
    "Dương": 1,
    "Lý": 0.6,
    "Đinh": 0.9,
    "Trương": 1.2,
    "Mai": 0.7,
    "Đoàn": 0.7,
    "Trịnh": 0.7,
    "Hà": 0.6,
    "Cao": 0.6,
    "Tạ": 0.3,
    "Tô": 0.3,
    "Thái": 0.4,
    "Lưu": 0.5,
    "Châu": 0.3,
    "Tống": 0.2,
    "Quách": 0.2,
    "Nghiêm": 0.1,
    "Phùng": 0.3,
    "Khổng": 0.1,
    "Từ": 0.1,
}

# Middle and given names by the last year of birth of a generation: (until, middle, given).
Generation = tuple[int, tuple[str, ...], tuple[str, ...]]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MEN: tuple[Generation, ...] = (
    (
        1954,
        _words("Văn Văn Văn Văn Đình Bá Sỹ Xuân Hữu Trọng Ngọc Duy Công Khắc"),
        _words(
            "Bảy Tư Sáu Thuận Lợi Hòa Hiền Thọ Phúc Lộc Định Tạo Kính Cẩn Nghĩa Ninh Cử Quế Tường Thiệu Mậu Khoát "
            "Đính Thơ Chất Hợi Tý Sửu Dần Ngọ Thìn Tuất Cảnh Khang Bồng Dậu Chước Nhạ"
        ),
    ),
    (
        1979,
        _words("Văn Văn Văn Hữu Đình Xuân Ngọc Minh Quang Đức Thanh Công Trọng Bá Viết Tiến Hồng"),
        _words(
            "Hùng Dũng Tuấn Cường Thắng Minh Sơn Hải Hà Bình Long Thành Tâm Chiến Hòa Lâm Quang Trung Nam Tiến Việt "
            "Đông Toàn Sang Phương Tài Vinh Hưng Quý Thái Phước Dân Liêm Vượng Luận Khải Tấn Hiệp Nhân"
        ),
    ),
    (
        1999,
        _words("Văn Văn Minh Quốc Anh Hoàng Đức Ngọc Thanh Trung Xuân Tuấn Duy Quang Hữu Công Thế Mạnh"),
        _words(
            "Tuấn Nam Anh Hoàng Long Hiếu Đạt Linh Duy Phong Tùng Kiên Trung Quân Thịnh Huy Vũ Lộc Phúc Nghĩa Khánh "
            "Trường Giang Tân Đăng Sỹ Cương Hậu Tín Trọng Thiện Thuật Bảo Hưng Toản"
        ),
    ),
    (
        2100,
        _words("Gia Minh Bảo Anh Hoàng Nhật Đức Quốc Thiên Tuấn Đăng Hải Khánh Phúc Trí"),
        _words(
            "Bảo Huy Khang Minh Khôi Phát Nguyên Phúc Khoa An Kiệt Đăng Quân Phong Bách Hưng Thịnh Lâm Vinh Nhân "
            "Tùng Duy Sang Hào Vương Thiện Long Khải Đạt Quý"
        ),
    ),
)
WOMEN: tuple[Generation, ...] = (
    (
        1954,
        _words("Thị Thị Thị Thị Thị Thị Ngọc Kim"),
        _words(
            "Lan Bé Hai Ba Năm Gái Nhàn Tỵ Mão Sửu Thơm Lài Cúc Đào Mận Na Chắt Nụ Hoa Bưởi Cam Quýt Tơ Lụa Là "
            "Liễu Huệ Nhạn Én Khuyên Xoan Bông Thìn Vui Lành Thêm Nhỏ"
        ),
    ),
    (
        1979,
        _words("Thị Thị Thị Thị Thị Thị Kim Ngọc Thanh Thu Hồng Bích Minh Xuân Mỹ"),
        _words(
            "Hoa Hồng Lan Hương Hạnh Thủy Liên Thanh Tuyết Nga Hằng Mai Thu Loan Bình Hà Vân Dung Nhung Oanh Phương "
            "Yến Hiền Lý Xuân Tâm Huệ Cúc Sâm Luyến Thoa Nguyệt Sen Thắm Lệ Tình Định"
        ),
    ),
    (
        1999,
        _words("Thị Thị Thị Thị Ngọc Thanh Thu Thùy Hồng Kim Phương Minh Bích Mỹ Diệu Hoài Như Quỳnh"),
        _words(
            "Trang Linh Hương Thảo Hà Phương Ngân Huyền Nga Thúy Hằng Vân Trinh Hiền Ngọc Yến Nhung Duyên Diễm Trâm "
            "Uyên Loan Thương Oanh Nguyệt Nhi Quyên Tâm Kiều Lài Thắm Chi Dung"
        ),
    ),
    (
        2100,
        _words("Ngọc Bảo Khánh Minh Gia Thanh Thảo Phương Quỳnh Hà Tuệ Thị An Như Tường Kim Diệu"),
        _words(
            "Anh Vy Ngọc Nhi Hân Thư Trâm My Châu Linh Ngân Quỳnh Như Chi Vân Thảo Yến Trang Uyên Hà Nhiên Lam Diệp "
            "Tiên San Mai Trúc Mẫn Băng Đan"
        ),
    ),
)

TAY_SURNAMES = _words("Nông Hoàng Lương Ma Triệu Hà Bế Lục La Đàm")
NUNG_SURNAMES = _words("Nông Hoàng Lương Vi Lục Triệu Long Lý Chu Mông")

MONG_SURNAMES = _words("Giàng Vàng Sùng Thào Hầu Cứ Mùa Hạng Ly Lù Ma Vừ Thò")
MONG_MEN = _words("Páo Chính Sính Lử Dế Tủa Chứ Pó Vảng Sử Nhè Dơ Súa Lềnh Chá Sài Phừ Cháng Dình Lùng")
MONG_MEN_MIDDLE = _words("A A A Seo Mí Văn")
MONG_WOMEN = _words("Mỷ Dợ Sua Máy Mo Dở Chở Xúa Pà Sông Ghếnh Dua Say Chú Bầu Cở Mai Lỳ Nhìa Xay")

KHMER_SURNAMES = _words("Thạch Sơn Kim Danh Kiên Lâm Châu Liêu Trầm Đào")
KHMER_MEN = (
    "Sóc Kha",
    "Sa Rươne",
    "Sóc Thia",
    "Phước",
    "Sa Rây",
    "Sóc Hên",
    "Minh Khuôl",
    "Đa Ra",
    "Sô Vanh",
    "Hoàng Rít",
    "Chanh Đa",
    "Sa Mết",
    "Sô Khone",
    "Vi Rắc",
    "Bun Thuôl",
    "Pha Rinh",
)
KHMER_WOMEN = (
    "Thị Sà Phươl",
    "Thị Sóc Kha",
    "Sô Phia",
    "Thị Chanh Tha",
    "Thị Sa Ron",
    "Thị Đa Ni",
    "Thị Sô Ri Da",
    "Thị Xà Rương",
    "Thị Hồng Thươl",
    "Thị Bô Pha",
    "Thị Ra Vi",
    "Thị Lai",
    "Thị Sa Vươne",
    "Thị Kim Hên",
)

EDE_CLANS = _words("Niê Mlô Kbuôr Ayŭn Êban Byă Êñuôl Ktla Hmŏk Hđơk Knul Kpă Adrơng Buôn-yă")
EDE_MEN = _words("Bhim Wăn Jŭk Phôn Tlơh Krih Djă Săm Đhin Nguôn Blŏ Lôi Kuan Thăm Mŭi Jônh Djŏ Rôbin Suê Nhương")
EDE_WOMEN = _words("Bia Mri Juăn Ngoan Blăk Lĭm Rin Yŭk Nhi Luynh Djuăn Wơn Mai Krin Ôt Thuê Siêng Lê Nuên Brĭt")

MNONG_CLANS = _words("Ndu Rơ-ông Liêng Bkrông Triêk Du Cil Pang-ting Buôn-krông Êung")
MNONG_MEN = _words("Krang Mbơi Djăng Ngoi Tê Yuôn Brôi Kông Jang Nheo Rơi Xuyên Thơi Dung Lưk Mhan Khôn Lôm")
MNONG_WOMEN = _words("Blơi Mai Djŭt Nhơi Brak Ngoen Rơn Hlong Thơi Pôn Jing Krơng Nuêr Lương Mbrơi Siăng")

COHO_CLANS = ("Kon Sơ", "Liêng Hót", "Bon Tô", "Cil Múp", "Lơ Mu", "Pang Ting", "Rơ Ông", "Dơng Gur")
COHO_MEN = _words("Brèo Brôi Tem Srin Wên Long Bril Jran Lik Nhờ Hiền Tín Điệp Khôi Brình Đoàn Jrai Phước Ndơi Sèn")
COHO_WOMEN = _words("Brèo Thủy Ngoan Hương Bril Jiêm Lớ Mỹ Nhòe Dêm Hằng Rê Tuyên Sru Liễu Bàng Jrin Diệu Hoan Nhim")

FOREIGN_MEN: tuple[tuple[str, str], ...] = (
    ("Chen Wei Ting", "Trung Quốc (Đài Loan)"),
    ("Lin Chun Hao", "Trung Quốc (Đài Loan)"),
    ("Park Sung Jin", "Hàn Quốc (South Korean)"),
    ("Choi Dong Wook", "Hàn Quốc (South Korean)"),
    ("Thomas Edward Barlow", "Hoa Kỳ (American)"),
    ("Kevin Ray Holt", "Hoa Kỳ (American)"),
)
FOREIGN_COUNTRY: dict[str, tuple[str, str]] = {  # nationality → (country in the code list, authority)
    "Trung Quốc (Đài Loan)": ("Trung Quốc (Đài Loan)", "Văn phòng hộ chính quận Tam Dân, thành phố Cao Hùng"),
    "Hàn Quốc (South Korean)": ("Hàn Quốc", "Ủy ban quận Dongnae, thành phố Busan"),
    "Hoa Kỳ (American)": ("Hoa Kỳ", "Văn phòng lục sự quận Orange, bang California"),
}
