"""Who may do what: one table of roles and rights (decree 87/2020, articles 8 and 13; decree 120/2025, article 4).

Separation of duties, and where it is kept:
* who signs or approves did not receive, key or draft: a leader and an approver hold no right to edit, an officer who
  drafts holds no right to approve; that nobody approves a case of his own hand is checked for every case (intake);
* who looks after the machines (technical administrator) or watches the others (auditor) reads no record, and holds
  no second role beside it (`incompatible_roles`);
* who gives accounts cannot give a role to himself, and a department of justice cannot give `central` roles (services).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

RIGHTS: Mapping[str, str] = MappingProxyType(
    {
        "case.read": "Xem trường hợp đang xử lý",
        "case.import": "Nhập tệp sổ hộ tịch",
        "case.edit": "Nhập và sửa trường hợp chưa duyệt",
        "case.approve": "Duyệt trường hợp",
        "batch.withdraw": "Rút cả đợt nhập",
        "scan.prepare": "Quét sổ: nhận trang, xác định vùng và số của từng trường hợp",
        "scan.review": "Xem lại và chấp nhận bản quét còn nghi vấn",
        "inventory.manage": "Kiểm kê, phân loại, bàn giao sổ để nhập liệu",
        "keying.key": "Nhập liệu theo gói được giao",
        "keying.check": "Kiểm tra dữ liệu đã nhập",
        "keying.lead": "Lập, giao gói nhập liệu; theo dõi tổ nhập liệu",
        "keying.accept": "Nghiệm thu quyển sổ đã nhập",
        "keying.watch": "Xem tiến độ nhập liệu",
        "record.read": "Xem bản ghi hộ tịch",
        "record.annotate": "Ghi chú việc thay đổi vào bản ghi",
        "record.repair": "Đề nghị sửa lỗi nhập liệu sau khi duyệt",
        "record.approve_repair": "Duyệt sửa lỗi nhập liệu",
        "record.annul": "Hủy giá trị bản ghi",
        "restricted.read": "Xem thông tin hạn chế",
        "person.read": "Xem hồ sơ cá nhân",
        "person.decide_links": "Quyết định ghép hoặc tách cá nhân",
        "book.read": "Xem sổ hộ tịch",
        "book.manage": "Quản lý sổ hộ tịch",
        "record.look_up": "Tra cứu ngoài phạm vi cơ quan, có mục đích và lưu vết",
        "record.break_glass": "Mở khẩn cấp thông tin hạn chế, được rà soát sau",
        "reading.review": "Rà soát việc xem dữ liệu công dân",
        "export.request": "Đề nghị xuất dữ liệu hàng loạt",
        "export.approve": "Duyệt xuất dữ liệu hàng loạt",
        "audit.read": "Xem nhật ký",
        "audit.verify": "Kiểm tra tính toàn vẹn của nhật ký",
        "audit.export": "Xuất nhật ký",
        "officer.manage": "Quản lý tài khoản cán bộ",
        "officer.delegate": "Ủy quyền khi vắng mặt",
        "device.manage": "Quản lý thiết bị được kiểm tra",
        "unit.manage": "Cập nhật đơn vị hành chính và cơ quan",
        "unit.approve": "Duyệt việc sáp nhập, chia tách đơn vị",
        "parameters.read": "Xem tham số hệ thống",
        "parameters.manage": "Đề nghị thay đổi tham số, danh mục",
        "parameters.approve": "Duyệt thay đổi tham số, danh mục",
        "dictionary.read": "Xem từ điển dữ liệu",
        "population.look_up": "Tra cứu Cơ sở dữ liệu quốc gia về dân cư khi nhập liệu, đối chiếu",
        "population.verify": "Xác minh thông tin khác nhau với Cơ sở dữ liệu quốc gia về dân cư",
        "population.settle": "Giải quyết danh sách theo dõi, đề nghị lập mới, điều chỉnh thông tin dân cư",
        "population.match": "Đối chiếu hàng loạt với Cơ sở dữ liệu quốc gia về dân cư",
        "population.watch": "Xem kết quả đối chiếu dân cư",
        "dispatch.send": "Gửi dữ liệu lên Bộ Tư pháp",
        "office.custody": "Xác định cơ quan giữ sổ",
        "technical.manage": "Quản trị kỹ thuật",
        "web.style_guide": "Xem mẫu giao diện",
    }
)

# Rights that open citizens' data: none of them may stand beside the machines or the watchers.
RIGHTS_ON_CITIZENS_DATA = frozenset(
    right
    for right in RIGHTS
    if right.split(".")[0]
    in {"case", "batch", "scan", "keying", "record", "restricted", "person", "book", "export", "population"}
)


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its code, its official name, its name in English and its rights."""

    code: str
    name: str
    name_en: str
    rights: frozenset[str]
    alone: bool = False  # never held beside another role
    central: bool = False  # given by the technical administrator only


def _role(code: str, name: str, name_en: str, rights: str, *, alone: bool = False, central: bool = False) -> Role:
    return Role(code, name, name_en, frozenset(rights.split()), alone, central)


# The table. `dictionary.read` is everybody's: what a field means is no secret.
_TABLE = (
    _role(
        "one_stop_clerk", "Cán bộ Bộ phận một cửa", "One-stop clerk",
        "case.read case.edit book.read dictionary.read",
    ),
    _role(
        "civil_status_officer", "Công chức tư pháp - hộ tịch", "Civil-status officer",
        "case.read case.import case.edit batch.withdraw scan.prepare scan.review inventory.manage "
        "keying.key keying.check keying.lead keying.watch record.read "
        "record.annotate record.repair restricted.read "
        "person.read person.decide_links book.read book.manage parameters.read dictionary.read dispatch.send "
        "record.look_up record.break_glass export.request officer.delegate "
        "population.look_up population.settle population.match population.watch",
    ),
    _role(
        "commune_leader", "Lãnh đạo Ủy ban nhân dân cấp xã", "Leader of the commune",
        "case.read case.approve batch.withdraw keying.accept keying.watch record.read record.approve_repair record.annul "
        "restricted.read "
        "person.read book.read parameters.read dictionary.read "
        "record.look_up record.break_glass reading.review export.approve officer.delegate population.watch",
    ),
    _role(
        "district_archive", "Cán bộ lưu trữ sổ cấp huyện (chỉ đọc)", "District archive (read only)",
        "record.read person.read book.read dictionary.read",
    ),
    _role(
        "department_of_justice", "Công chức Sở Tư pháp", "Officer of the Department of Justice",
        "case.read case.approve record.read record.approve_repair record.annul restricted.read person.read book.read "
        "book.manage keying.watch audit.read officer.manage office.custody parameters.read dictionary.read dispatch.send "
        "record.look_up record.break_glass reading.review export.request export.approve device.manage "
        "unit.manage unit.approve parameters.manage parameters.approve population.match population.watch",
        central=True,
    ),
    _role(
        "ministry", "Công chức Bộ Tư pháp", "Officer of the Ministry of Justice",
        "record.read person.read book.read audit.read parameters.read dictionary.read "
        "record.look_up reading.review unit.manage unit.approve parameters.manage parameters.approve", central=True,
    ),
    _role(
        "mission_officer", "Viên chức lãnh sự", "Consular officer",
        "case.read case.import case.edit batch.withdraw scan.prepare scan.review inventory.manage "
        "keying.key keying.check keying.lead keying.watch record.read "
        "record.annotate record.repair restricted.read "
        "person.read person.decide_links book.read book.manage parameters.read dictionary.read dispatch.send "
        "record.look_up record.break_glass export.request officer.delegate "
        "population.look_up population.settle population.match population.watch",
    ),
    _role(
        "mission_head", "Người đứng đầu cơ quan đại diện", "Head of mission",
        "case.read case.approve batch.withdraw keying.accept keying.watch record.read record.approve_repair record.annul "
        "restricted.read "
        "person.read book.read parameters.read dictionary.read "
        "record.look_up record.break_glass reading.review export.approve officer.delegate population.watch",
    ),
    _role(
        "keyer", "Người nhập liệu", "Keyer",
        "case.read case.import case.edit batch.withdraw scan.prepare keying.key book.read dictionary.read population.look_up",
    ),
    _role(
        "keying_helper", "Người hỗ trợ nhập liệu", "Keying helper",
        "keying.key dictionary.read",  # sees the pages of his package and nothing else (requirement H8)
    ),
    _role(
        "keying_leader", "Tổ trưởng nhập liệu", "Keying team leader",
        "case.read scan.prepare scan.review inventory.manage keying.lead keying.watch book.read dictionary.read",
    ),
    _role(
        "checker", "Người kiểm tra", "Checker",
        "case.read case.edit scan.review keying.check book.read dictionary.read population.look_up",
    ),
    _role(
        "approver", "Người duyệt", "Approver",
        "case.read case.approve batch.withdraw keying.accept keying.watch record.read record.approve_repair person.read "
        "book.read parameters.read dictionary.read record.break_glass",
    ),
    _role(
        "police_verifier", "Cán bộ công an đối chiếu", "Police verifier",
        "case.read record.read person.read book.read dictionary.read record.look_up "
        "population.look_up population.verify population.watch",
    ),
    _role(
        "technical_administrator", "Quản trị kỹ thuật", "Technical administrator",
        "officer.manage parameters.read dictionary.read technical.manage web.style_guide "
        "device.manage",
        alone=True, central=True,
    ),
    _role(
        "auditor", "Kiểm toán nhật ký", "Auditor",
        "audit.read audit.verify parameters.read dictionary.read audit.export", alone=True, central=True,
    ),
)  # fmt: skip

ROLES: Mapping[str, Role] = MappingProxyType({role.code: role for role in _TABLE})


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """Every right one of these roles gives; a code that is no role gives none."""
    return frozenset().union(*(ROLES[code].rights for code in roles if code in ROLES))


def incompatible_roles(roles: Iterable[str]) -> frozenset[str]:
    """Of these roles of one officer, those that may not stand beside another one; empty when all may."""
    held = frozenset(roles)
    return frozenset(code for code in held if code in ROLES and ROLES[code].alone and len(held) > 1)
