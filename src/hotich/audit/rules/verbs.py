"""What every act in the trail is called. Whoever records a new verb gives it words here (a test says so).

The English stands in the catalogue of audit under the context "act": the same Vietnamese words are a button elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VERBS: Mapping[str, str] = MappingProxyType(
    {
        # cases and batches
        "batch.started": "Bắt đầu nhập một tệp sổ",
        "batch.loaded": "Nhập xong một tệp sổ",
        "batch.failed": "Nhập tệp sổ không thành công",
        "batch.withdrawn": "Rút cả đợt nhập",
        "case.imported": "Nhập trường hợp từ tệp",
        "case.corrected": "Sửa trường hợp trước khi duyệt",
        "case.held": "Giữ trường hợp lại để sửa",
        "case.resubmitted": "Trình lại trường hợp",
        "case.returned": "Trả lại trường hợp",
        "case.return_taken_back": "Bỏ việc trả lại trường hợp",
        "case.approved": "Duyệt trường hợp",
        "case.withdrawn": "Rút trường hợp",
        "case.replaced": "Thay trường hợp bằng dòng mới trong tệp",
        "case.number_free": "Số đăng ký của trường hợp được dùng lại",
        "case.scan_linked": "Gắn bản chụp vào trường hợp",
        "case.scan_replaced": "Thay bản chụp của trường hợp",
        "approval_run.started": "Bắt đầu duyệt hàng loạt",
        "approval_run.stopped": "Dừng duyệt hàng loạt",
        "approval_run.done": "Duyệt hàng loạt xong",
        # records and books
        "record.created": "Vào sổ điện tử",
        "record.read": "Xem bản ghi",
        "record.searched": "Tìm bản ghi trong các cơ quan của mình",
        "record.annotated": "Thêm ghi chú vào bản ghi",
        "record.annotation_withdrawn": "Rút ghi chú",
        "record.repaired": "Sửa lỗi nhập liệu của bản ghi",
        "record.annulled": "Hủy giá trị bản ghi",
        "record.restored": "Khôi phục giá trị bản ghi",
        "record.superseded": "Bản ghi được thay thế bởi đăng ký lại",
        "record.scan_attached": "Bổ sung bản chụp vào bản ghi",
        "recipient.told": "Báo cho nơi đã nhận dữ liệu",
        "repair.proposed": "Đề nghị sửa lỗi nhập liệu",
        "repair.refused": "Không duyệt sửa lỗi nhập liệu",
        "repair.withdrawn": "Rút đề nghị sửa lỗi nhập liệu",
        "notice.sent": "Gửi thông báo ghi chú cho cơ quan khác",
        "notice.addressed": "Xác định cơ quan nhận thông báo ghi chú",
        "notice.confirmed": "Thực hiện thông báo ghi chú",
        "notice.refused": "Không thực hiện thông báo ghi chú",
        "notice.withdrawn": "Rút thông báo ghi chú",
        "number.declared": "Khai báo số hủy hoặc số khuyết",
        "book.opened": "Mở quyển sổ",
        "book.totals_updated": "Ghi số liệu khóa sổ",
        "book.exported": "Xuất quyển sổ ra tệp",
        "book.printed": "In quyển sổ",
        "book.handover_planned": "Lập biên bản bàn giao sổ",
        "book.handover_cancelled": "Hủy bàn giao sổ",
        "book.handed_over": "Bàn giao sổ",
        "book.received": "Nhận bàn giao sổ",
        "book.keeper_changed": "Đổi nơi lưu giữ sổ",
        # who is who
        "person.read": "Xem hồ sơ cá nhân",
        "conclusions.drawn": "Xác định cá nhân, quan hệ và tình trạng từ bản ghi",
        "link.decided": "Quyết định một người hay hai người",
        "link.decision_withdrawn": "Bỏ quyết định về cá nhân",
        # looking
        "scan.read": "Xem bản chụp",
        "foreign_record.read": "Xem bản ghi của cơ quan khác",
        "restricted.read": "Xem thông tin hạn chế đã mở khẩn cấp",
        "look_up.made": "Tra cứu ngoài phạm vi cơ quan",
        "look_up.refused": "Không cho tra cứu ngoài phạm vi cơ quan",
        "glass.broken": "Mở khẩn cấp thông tin hạn chế",
        "glass.reviewed": "Rà soát việc mở khẩn cấp",
        "foreign_record.refused": "Không cho xem bản ghi của cơ quan khác",
        "reading.refused": "Dừng việc xem do xem quá nhiều",
        "reading.alarm": "Cảnh báo xem nhiều bất thường",
        "reading.reason_given": "Nêu lý do xem nhiều",
        "access.refused": "Bị từ chối truy cập",
        # taking out
        "export.requested": "Đề nghị xuất dữ liệu hàng loạt",
        "export.approved": "Duyệt xuất dữ liệu hàng loạt",
        "export.refused": "Không duyệt xuất dữ liệu hàng loạt",
        "export.cancelled": "Hủy đề nghị xuất dữ liệu",
        "export.built": "Tạo tệp xuất dữ liệu",
        "export.downloaded": "Tải tệp xuất dữ liệu",
        "dispatch.queued": "Đưa vào hàng chờ gửi Bộ Tư pháp",
        "dispatch.queued_again": "Đưa lại vào hàng chờ gửi Bộ Tư pháp",
        "dispatch.sent": "Tạo tệp gửi Bộ Tư pháp",
        "dispatch.acknowledged": "Bộ Tư pháp đã tiếp nhận",
        "dispatch.rejected": "Bộ Tư pháp từ chối",
        "dispatch.cancelled": "Bỏ khỏi hàng chờ gửi Bộ Tư pháp",
        "file.stored": "Lưu tệp",
        # accounts
        "officer.created": "Lập tài khoản cán bộ",
        "officer.post_given": "Giao vị trí cho cán bộ",
        "officer.post_ended": "Chấm dứt vị trí của cán bộ",
        "officer.signed_in": "Đăng nhập",
        "officer.signed_out": "Đăng xuất",
        "officer.sign_in_failed": "Đăng nhập không thành công",
        "officer.locked_out": "Tạm khóa đăng nhập do nhập sai nhiều lần",
        "officer.locked": "Khóa tài khoản",
        "officer.unlocked": "Mở khóa tài khoản",
        "officer.sessions_ended": "Chấm dứt các phiên đăng nhập",
        "officer.password_changed": "Đổi mật khẩu",
        "officer.password_reset": "Đặt lại mật khẩu cho cán bộ",
        "officer.password_expired": "Mật khẩu cấp lần đầu hết hạn",
        "officer.second_factor_set_up": "Thiết lập xác thực hai lớp",
        "officer.second_factor_reset": "Đặt lại xác thực hai lớp cho cán bộ",
        "officer.second_factor_key_added": "Thêm khóa bảo mật",
        "officer.second_factor_key_removed": "Bỏ khóa bảo mật",
        "officer.second_factor_key_renamed": "Đổi tên khóa bảo mật",
        "officer.second_factor_recovery_codes_renewed": "Tạo lại mã dự phòng",
        "officer.second_factor_recovery_code_used": "Dùng mã dự phòng để đăng nhập",
        "officer.demo_second_factor_set": "Thiết lập xác thực hai lớp cho tài khoản dùng thử",
        "officer.delegation_asked": "Đề nghị ủy quyền khi vắng mặt",
        "officer.delegated": "Ủy quyền khi vắng mặt",
        "officer.delegation_declined": "Không nhận ủy quyền",
        "officer.delegation_ended": "Chấm dứt ủy quyền",
        "officer.device_refused": "Không cho đăng nhập từ thiết bị chưa được kiểm tra",
        "officers.file_checked": "Kiểm tra tệp lập tài khoản hàng loạt",
        "officers.file_discarded": "Bỏ tệp lập tài khoản hàng loạt",
        "officers.opening_started": "Bắt đầu lập tài khoản hàng loạt",
        "officers.passwords_taken": "Tải mật khẩu cấp lần đầu",
        "device.registered": "Ghi nhận thiết bị",
        "device.checked": "Xác nhận thiết bị đã được kiểm tra",
        "device.code_made": "Cấp mã ghi nhận thiết bị",
        "device.code_refused": "Mã ghi nhận thiết bị không đúng",
        "device.enrolled": "Đưa thiết bị vào sử dụng",
        "device.revoked": "Thu hồi thiết bị",
        "device.rule_set": "Đặt quy định về thiết bị",
        # units, configuration, the installation
        "office.custodian_assigned": "Xác định cơ quan giữ sổ",
        "unit_operation.drafted": "Soạn việc thay đổi đơn vị hành chính",
        "unit_operation.edited": "Sửa việc thay đổi đơn vị hành chính",
        "unit_operation.proposed": "Trình việc thay đổi đơn vị hành chính",
        "unit_operation.approved": "Duyệt việc thay đổi đơn vị hành chính",
        "unit_operation.sent_back": "Trả lại việc thay đổi đơn vị hành chính",
        "unit_operation.cancelled": "Hủy việc thay đổi đơn vị hành chính",
        "unit_operation.carried_out": "Thực hiện việc thay đổi đơn vị hành chính",
        "configuration.proposed": "Đề nghị thay đổi cấu hình",
        "configuration.approved": "Duyệt thay đổi cấu hình",
        "configuration.refused": "Không duyệt thay đổi cấu hình",
        "configuration.withdrawn": "Rút đề nghị thay đổi cấu hình",
        "job.retried": "Cho chạy lại việc nền",
        "job.set_aside": "Gác việc nền lại",
        "secret.rotated": "Thay khóa bí mật",
        "secret.forgotten": "Bỏ khóa bí mật cũ",
        "installation.restored": "Khôi phục hệ thống từ bản sao lưu",
        # the trail itself
        "audit.searched": "Tìm trong nhật ký",
        "audit.entry_read": "Xem một mục nhật ký",
        "audit.exported": "Xuất nhật ký",
        "audit.verification_asked": "Yêu cầu kiểm tra nhật ký",
        "audit.verified": "Kiểm tra xong nhật ký",
        "audit.archived": "Lưu trữ phần cũ của nhật ký",
        "audit.key_exchanged": "Thay khóa ký mốc niêm phong",
        "audit.loss_accepted": "Ghi nhận phần nhật ký mất khi khôi phục",
    }
)

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "batch": "Đợt nhập", "case": "Trường hợp", "record": "Bản ghi", "book": "Quyển sổ", "person": "Cá nhân",
        "officer": "Cán bộ", "file": "Tệp", "office": "Cơ quan", "dispatch": "Dữ liệu gửi Bộ", "scan": "Bản chụp",
        "notice": "Thông báo ghi chú", "page": "Trang", "trail": "Nhật ký", "verification": "Lần kiểm tra",
        "anchor": "Mốc niêm phong", "chain": "Chuỗi nhật ký", "device": "Thiết bị", "export": "Lần xuất dữ liệu",
        "configuration": "Cấu hình", "unit_operation": "Thay đổi đơn vị hành chính", "delegation": "Ủy quyền",
        "device_rule": "Quy định về thiết bị", "book_handover": "Bàn giao sổ", "opening": "Lập tài khoản hàng loạt",
        "break_glass": "Mở khẩn cấp", "look_up": "Tra cứu ngoài cơ quan", "secret": "Khóa bí mật", "job": "Việc nền",
        "installation": "Hệ thống", "participant": "Người trong bản ghi", "foreign_record": "Bản ghi của cơ quan khác",
        "restricted": "Thông tin hạn chế",
    }
)  # fmt: skip


def word_of_verb(verb: str) -> str:
    """The Vietnamese words of a verb (the message id of its English); the verb itself when it has none."""
    return VERBS.get(verb, verb)


def word_of_subject(kind: str) -> str:
    """The Vietnamese word for a kind of subject; the kind itself when it has none."""
    return SUBJECTS.get(kind, kind)
