"""Texts of the codes that the frame itself uses. The English stands in locale/en."""

MESSAGES: dict[str, str] = {
    "sample_error": "Ví dụ về lỗi: giá trị vượt quá {most} ký tự.",
    "sample_warning": "Ví dụ về cảnh báo: ngày này sớm hơn thường lệ.",
    "sample_refusal": "Ví dụ về từ chối: người nhập không được tự duyệt.",
}
