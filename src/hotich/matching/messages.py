"""Texts of the codes matching refuses with, and of what the command says."""
# ruff: noqa: E501 – a text is one line

from __future__ import annotations

MESSAGES = {
    "matching_file_unreadable": "Không đọc được tệp “{name}”.",
    "matching_column_missing": "Tệp “{name}” thiếu cột {columns}. Cần có id và full_name; các cột khác có thể trống.",
    "matching_id_missing": "Tệp “{name}” có {count} dòng không có id.",
    "matching_id_twice": "Tệp “{name}” có id “{id}” ở nhiều dòng. Mỗi dòng phải có một id riêng.",
    "matching_nothing_to_match": "Tệp “{name}” không có dòng nào.",
    "matching_model_format": "Tệp mô hình thuộc định dạng khác ({field}); hãy huấn luyện lại bằng phiên bản này.",
    "matching_model_malformed": "Tệp mô hình không hợp lệ ở “{field}”.",
    "matching_model_untrained": "Mô hình chưa có trọng số. Hãy huấn luyện trên dữ liệu hoặc chọn tệp mô hình khác.",
    "matching_condition_unknown": "Tệp mô hình có điều kiện “{field}” mà phiên bản này không biết.",
    "matching_too_little_data": "Dữ liệu quá ít để tự học trọng số ({pairs} cặp). Hãy chọn một tệp mô hình đã huấn luyện.",
    "matching_other_order": "Thư mục “{name}” thuộc một lần đối chiếu khác (tệp vào hoặc lựa chọn đã đổi). Hãy xóa thư mục này hoặc chọn tên tệp kết quả khác.",
    "matching_running_already": "Một chương trình khác đang đối chiếu vào “{name}”.",
    "spark_package_missing": "Chưa có gói pyspark. Hãy cài: pip install 'hotich[spark]'.",
    "spark_java_missing": "Không tìm thấy Java. Spark cần Java 17 hoặc 21 (đặt JAVA_HOME hoặc cài vào PATH).",
    "spark_java_version": "Java {found} không dùng được với Spark: cần Java 17 hoặc 21.",
    "spark_unreachable": "Không khởi động được Spark ở “{master}”. Hãy xem địa chỉ, và nhật ký của Spark.",
    "matching_disk_full": "Hết chỗ trên đĩa khi ghi “{name}”. Hãy giải phóng chỗ rồi chạy lại lệnh; việc đã làm vẫn còn.",
}
