"""The guide for those who key: a page in both languages, and two sheets of paper in Vietnamese."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from hotich.keying.queries.guide import guide_pdf as made_guide
from hotich.registers.views.parts import needs

READS = ("keying.key", "keying.check", "keying.lead", "keying.accept", "keying.watch")

# what is odd in a book -> how it is keyed; the printed guide says the same (rules/guide/guide.typ)
ODD: tuple[tuple[str, str], ...] = (
    (
        gettext_noop("Không đọc được"),
        gettext_noop(
            "F4. Đọc được một phần: nhập phần đọc được rồi F4. Số giấy tờ thiếu chữ số thì F4, không nhập nửa số. Không đoán."
        ),
    ),
    (gettext_noop("Để trống trong sổ"), gettext_noop("F8: sổ không ghi. Khác với F4: ở đây không có chữ nào để đọc.")),
    (
        gettext_noop("Chữ bị gạch, viết lại"),
        gettext_noop("Nhập chữ viết thay. Gạch mà không viết thay: F8, và ghi vào ô Ghi chú “bị gạch: …”."),
    ),
    (
        gettext_noop("Ghi chú ở lề, cột ghi chú"),
        gettext_noop(
            "Là việc xảy ra sau (ly hôn, cải chính, nhận con, chết …): thêm ghi chú, chọn loại, nhập số, ngày, cơ quan "
            "của quyết định như sổ viết. Không sửa nội dung đăng ký theo ghi chú. Không rõ loại: chọn Ghi chú khác, "
            "chép nguyên văn."
        ),
    ),
    (
        gettext_noop("Cả trường hợp bị gạch, “hủy số”"),
        gettext_noop("Chọn Số bị hủy và ghi lý do như sổ viết. Không nhập nội dung đã gạch."),
    ),
    (
        gettext_noop("Số có chữ: 12a, 12b, 12(1)"),
        gettext_noop("Gõ cả chữ. Gặp giữa hai số mà gói không có chỗ thì thêm một trường hợp ở đó."),
    ),
    (
        gettext_noop("Số nhảy hoặc trùng"),
        gettext_noop(
            "Nhập đúng số của sổ; máy hỏi thì xác nhận đúng như sổ. Không bịa ra số cho đủ: số không có "
            "được đếm là số khuyết."
        ),
    ),
    (
        gettext_noop("Một trường hợp nằm hai trang"),
        gettext_noop("Xem trang sau bằng Page Down; nhập thành một trường hợp."),
    ),
    (
        gettext_noop("Trang thiếu, rách, ố"),
        gettext_noop(
            "Chọn Trang thiếu hoặc rách và ghi số nào mất. Còn đọc được một phần thì nhập phần đó, chỗ mất thì F4."
        ),
    ),
    (
        gettext_noop("Ngày chỉ có năm, “khoảng 1950”, tuổi"),
        gettext_noop("Nhập như sổ: 1950; khoảng 1950; 35 tuổi. Không tự tính ra năm sinh."),
    ),
    (gettext_noop("Ngày âm lịch"), gettext_noop("Nhập như sổ kèm chữ “âm lịch”. Không đổi ra dương lịch.")),
    (
        gettext_noop("Ngày bằng số khác ngày bằng chữ"),
        gettext_noop("Nhập cả hai như sổ và xác nhận cảnh báo: sổ ghi khác nhau."),
    ),
    (
        gettext_noop("Tên đồng bào dân tộc: K’Brèo, H’Hen Niê, Ŭ, Ĕ"),
        gettext_noop(
            "Nhập từng chữ, dấu phẩy trên, dấu nối và chữ viết hoa như sổ. Không sửa cho giống tên người Kinh."
        ),
    ),
    (
        gettext_noop("Địa danh cũ, đơn vị đã sáp nhập"),
        gettext_noop("Nhập tên trong sổ, kể cả tên không còn dùng. Hệ thống tự tìm đơn vị ngày nay."),
    ),
    (
        gettext_noop("Viết tắt: n.t, “như trên”"),
        gettext_noop("Nhập nội dung mà nó chỉ đến; F2 chép ô này từ trường hợp trước."),
    ),
    (gettext_noop("Không có tên cha"), gettext_noop("Phần người cha: F8 từng ô. Không lấy tên từ nơi khác.")),
    (
        gettext_noop("Người bạn biết, người nhà của bạn"),
        gettext_noop("Báo tổ trưởng để giao trường hợp cho người khác."),
    ),
)
TROUBLE: tuple[tuple[str, str], ...] = (
    (gettext_noop("Mất mạng"), gettext_noop("Nhập tiếp. Trang tự biết khi có mạng lại.")),
    (gettext_noop("“Hãy đăng nhập lại”"), gettext_noop(
        "Đăng nhập bằng chính tài khoản của mình; bài chờ gửi còn nguyên. Người khác đăng nhập trên máy không thấy và không "
        "gửi bài của bạn.")),
    (gettext_noop("Mất điện, treo máy"), gettext_noop("Mở lại gói: mọi bài đã lưu còn đó, bài đang gõ dở cũng còn.")),
    (gettext_noop("Bài bị từ chối"), gettext_noop(
        "Bài vẫn nằm trong phần chờ gửi kèm lý do. Đọc lý do, sửa hoặc báo tổ trưởng; đừng tự bỏ.")),
    (gettext_noop("“Có bản mới”"), gettext_noop("Bấm khi đã gửi hết, hoặc để cuối ca.")),
)  # fmt: skip


@needs(*READS)
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """How to key, and what to do with what is odd in a book."""
    crumbs = [{"label": _("Nhập liệu"), "url": ""}, {"label": _("Hướng dẫn nhập liệu"), "url": ""}]
    return render(request, "keying/guide.html", {"breadcrumb": crumbs, "odd": _words(ODD), "trouble": _words(TROUBLE)})


def _words(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"what": _(what), "how": _(how)} for what, how in pairs]


@needs(*READS)
@require_GET
def guide_pdf(request: HttpRequest) -> HttpResponse:
    """The guide on two A4 pages, to be printed and laid beside the keyboard."""
    response = HttpResponse(made_guide(), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="huong-dan-nhap-lieu.pdf"'
    response["Cache-Control"] = "private, max-age=3600"
    return response
