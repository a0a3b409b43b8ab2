"""Texts of the codes that running an installation refuses with."""

from __future__ import annotations

MESSAGES = {
    "secret_unknown": "Không có khóa bí mật tên “{name}”.",
    "secret_items_strange": (
        "Khóa “{name}”: {number} mục không mở được bằng khóa nào đang có. Khóa cũ được giữ lại; xem từng mục rồi chạy lại."
    ),
    "secret_still_used": "Khóa cũ của “{name}” vẫn còn được dùng, chưa được hủy.",
    "job_unknown": "Không có công việc nền này.",
    "job_not_failed": "Công việc nền này không ở trạng thái lỗi.",
    "disk_filling": "Ổ đĩa “{name}” đã dùng {percent}%. Hãy mở rộng hoặc dọn trước khi đầy.",
    "disk_nearly_full": "Ổ đĩa “{name}” đã dùng {percent}%. Khi đầy, không ghi được dữ liệu nữa: xử lý ngay.",
    "backup_failed": "Lần sao lưu gần nhất bị lỗi. Xem nhật ký của chương trình, sửa rồi chạy lại hotich db backup.",
    "backup_never": "Chưa có bản sao lưu nào. Hãy chạy hotich db backup hoặc đặt giờ sao lưu hằng ngày.",
    "backup_old": "Bản sao lưu gần nhất đã {hours} giờ.",
    "backup_files_missing": "Bản sao lưu gần nhất thiếu nội dung của {number} tệp: kho tệp đã mất chúng từ trước.",
    "backup_without_secrets": (
        "Bản sao lưu không chứa khóa bí mật: mất máy này là mất dữ liệu, không ai mở lại được. Hãy tạo khóa phục hồi "
        "(hotich secrets recovery-key) rồi sao lưu lại, hoặc cất riêng thư mục secrets."
    ),
    "worker_silent": "Tiến trình nền không trả lời: sổ tải lên không được đọc, hàng đợi không được gửi.",
    "jobs_waiting": "Có công việc nền đã chờ {minutes} phút.",
    "jobs_failed": "Có {number} công việc nền bị lỗi.",
    "program_older": "Chương trình cũ hơn cơ sở dữ liệu. Hãy dùng lại chương trình mới.",
    "migrations_pending": "Còn {number} bước nâng cấp cơ sở dữ liệu chưa chạy. Hãy chạy hotich setup.",
    "archive_failing": "Không lưu được nhật ký ghi trước (WAL): ổ đĩa của cơ sở dữ liệu sẽ đầy dần.",
    "anchor_old": "Mốc neo của nhật ký đã {hours} giờ.",
    "trail_faulty": "Lần kiểm tra nhật ký gần nhất phát hiện {number} sai lệch. Hãy báo ngay cho người kiểm toán nhật ký.",
    "secrets_due": "Có khóa bí mật đến hạn thay (hotich secrets list).",
    "rotation_under_way": "Việc thay khóa “{name}” chưa xong. Hãy chạy lại hotich secrets rotate.",
}
