"""Texts of the codes that audit refuses with, of what a verification finds, and of the acts in the trail."""

from __future__ import annotations

from hotich.audit.rules.faults import FAULTS

MESSAGES = {
    "audit_entry_unknown": "Không có mục nhật ký này, hoặc không thuộc phạm vi được xem.",
    "audit_verification_unknown": "Không có lần kiểm tra này.",
    "audit_verification_under_way": "Đang có một lần kiểm tra chưa xong. Hãy đợi kết quả.",
    "audit_anchor_refused": "Chưa lập mốc: {faults} chuỗi nhật ký không nối tiếp mốc trước (ví dụ cơ quan số {office}). "
    "Hãy kiểm tra toàn vẹn; nếu vừa chủ ý khôi phục bản sao lưu thì ghi nhận bằng --accept-loss.",
    "audit_anchor_file_missing": "Không thấy tệp mốc niêm phong, trong khi cơ sở dữ liệu đã ghi nhận {number} mốc. "
    "Hãy đặt lại tệp từ bản sao, hoặc bắt đầu tệp mới bằng --new-file.",
    "audit_key_lost": "Không có khóa bí mật {key} để ký mốc tiếp theo. Hãy đặt lại khóa từ bản sao; nếu đã mất hẳn, "
    "cất tệp mốc cũ đi và bắt đầu tệp mới bằng --new-file.",
    "audit_key_unreadable": "Không đọc được khóa ký mốc niêm phong {path}.",
    "audit_keys_unreadable": "Không đọc được tệp khóa công khai {path}.",
    "audit_reason_required": "Phải ghi lý do.",
    "audit_kept_for_ever": "Theo thiết lập, nhật ký được giữ trực tuyến không thời hạn; không lưu trữ.",
    "audit_archive_too_young": "Chỉ được lưu trữ các mục cũ hơn {years} năm.",
    "audit_nothing_to_archive": "Không có mục nào cũ hơn ngày này.",
    "audit_archive_faulty": "Không lưu trữ chuỗi của cơ quan số {office}: chuỗi không toàn vẹn.",
    "audit_archive_exists": "Đã có tệp lưu trữ {name} mà không mốc nào chứng nhận; hãy cất tệp đi rồi làm lại.",
    "audit_archive_sealed": "Không mở được phần nội dung đã niêm phong: khóa không đúng.",
} | {code: words.what for code, words in FAULTS.items()} | {
    f"{code}_todo": words.todo for code, words in FAULTS.items()
}  # fmt: skip
