"""Texts of the codes this app refuses with."""

from __future__ import annotations

MESSAGES = {
    "not_allowed": "Tài khoản không có quyền thực hiện việc này.",
    "login_taken": "Tên đăng nhập “{login}” đã có người dùng.",
    "login_malformed": (
        "Tên đăng nhập phải có từ 3 đến 60 ký tự, chỉ gồm chữ thường không dấu, chữ số, dấu chấm, dấu gạch."
    ),
    "full_name_missing": "Chưa nhập họ và tên.",
    "role_unknown": "Không có vai trò “{role}”.",
    "roles_incompatible": "Vai trò “{role}” không được kiêm nhiệm cùng vai trò khác.",
    "role_is_central": "Vai trò “{role}” do quản trị kỹ thuật cấp.",
    "own_account": "Không được tự thay đổi quyền hoặc khóa tài khoản của chính mình.",
    "post_held_already": "Cán bộ đang giữ vai trò này tại cơ quan này.",
    "post_ends_before_it_begins": "Ngày kết thúc phải từ ngày bắt đầu trở đi.",
    "office_closed": "Cơ quan đã ngừng hoạt động vào ngày bắt đầu giữ vị trí công tác.",
    "not_a_demo": "Chỉ dùng được với dữ liệu mẫu.",
    "second_factor_missing": "Tài khoản “{login}” chưa thiết lập xác thực hai lớp.",
    "post_unknown": "Cán bộ không giữ vai trò này tại cơ quan này.",
    "officer_unknown": "Không có tài khoản “{login}”.",
    "code_used_already": "Mã này đã được dùng. Hãy đợi mã tiếp theo rồi nhập lại.",
    "password_holds_own_words": "Mật khẩu không được chứa tên đăng nhập hoặc họ tên của chính mình.",
    "session_idle_too_long": "Phiên làm việc đã kết thúc vì không có thao tác trong {minutes} phút. Hãy đăng nhập lại.",
    "session_too_old": "Phiên làm việc đã kéo dài {hours} giờ nên phải kết thúc. Hãy đăng nhập lại.",
}
