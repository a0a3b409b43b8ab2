"""Texts of the codes that comparisons of whole books refuse with."""
# ruff: noqa: E501 – a text is one line

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "match_run_unknown": "Không có lượt đối chiếu này.",
    "match_run_not_in_state": "Lượt đối chiếu không còn ở trạng thái cho phép việc này. Hãy tải lại trang.",
    "match_scope_unknown": "Không có sổ, cơ quan hoặc địa bàn này trong phạm vi của bạn.",
    "match_area_unknown": "Không xin được dữ liệu dân cư của địa bàn này: chỉ xã hoặc tỉnh của cơ quan mình.",
    "match_extract_unknown": "Không có tệp dữ liệu dân cư này.",
    "match_extract_missing": "Hãy chọn dữ liệu dân cư để đối chiếu, hoặc chọn tệp để tải lên.",
    "match_extract_unreadable": "Không đọc được tệp dữ liệu dân cư. Cần tệp Parquet do Cơ sở dữ liệu quốc gia về dân cư trích xuất.",
    "match_extract_column_missing": "Tệp dữ liệu dân cư thiếu cột {columns}.",
    "match_extract_empty": "Tệp dữ liệu dân cư không có công dân nào.",
    "match_extract_unreachable": "Chưa kết nối được với Cơ sở dữ liệu quốc gia về dân cư. Hãy tiếp tục lượt này khi có kết nối, hoặc tải tệp trích xuất lên.",
    "match_extract_refused": "Cơ sở dữ liệu quốc gia về dân cư không cung cấp dữ liệu của địa bàn này.",
    "match_extract_by_file": "Đang kết nối bằng tệp: hãy tải tệp trích xuất lên rồi lập lượt đối chiếu mới.",
    "match_nothing_to_compare": "Chưa có bản ghi nào có hiệu lực để đối chiếu.",
    "match_extract_id_twice": "Tệp dữ liệu dân cư có công dân thiếu mã hoặc trùng mã.",
    "match_disk_full": "Máy chủ hết chỗ trên đĩa. Hãy báo người quản trị; sau đó tiếp tục, phần đã làm vẫn còn.",
    "match_right_ended": "Cán bộ lập lượt đối chiếu không còn quyền đối chiếu hàng loạt. Cán bộ khác có thể tiếp tục.",
    "match_nothing_to_retry": "Lượt đối chiếu không còn mục gặp lỗi nào để làm lại.",
    "match_broken": "Lượt đối chiếu bị gián đoạn vì lỗi kỹ thuật. Phần đã ghi vẫn giữ nguyên; hãy tiếp tục, nếu vẫn lỗi hãy báo người quản trị.",
}
