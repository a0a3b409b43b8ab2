"""Words for kinds of reading and for what a rule points out."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hotich.persons.queries.oversight import ACT_DAYS, limits
from hotich.persons.rules.oversight import Finding

KIND_NAMES = {
    "record": gettext_lazy("Bản ghi"),
    "case": gettext_lazy("Trường hợp khi nhập, duyệt"),
    "scan": gettext_lazy("Bản chụp"),
    "person": gettext_lazy("Hồ sơ cá nhân"),
    "restricted": gettext_lazy("Thông tin hạn chế (mở khẩn cấp)"),
    "glass": gettext_lazy("Mở khẩn cấp"),
    "print": gettext_lazy("Bản in"),
    "export": gettext_lazy("Xuất cả quyển sổ"),
    "shown": gettext_lazy("Hiện trong kết quả tra cứu của cơ quan khác"),
    "opened": gettext_lazy("Cơ quan khác mở xem"),
}
RULE_NAMES = {
    "outside_hours": gettext_lazy("Xem ngoài giờ làm việc"),
    "many_at_once": gettext_lazy("Xem nhiều người trong thời gian ngắn"),
    "many_readers": gettext_lazy("Nhiều cán bộ cùng xem một người"),
    "no_act": gettext_lazy("Tra cứu mà không có việc gì tiếp theo"),
    "empty_again": gettext_lazy("Tra cứu nhiều lần không có kết quả"),
    "one_case_many": gettext_lazy("Một số hồ sơ dùng cho nhiều lần tra cứu"),
    "over_budget": gettext_lazy("Vượt định mức xem trong ngày"),
}


def rule_name(rule: str) -> str:
    """The name of a rule."""
    return str(RULE_NAMES[rule])


def explained(rule: str) -> str:
    """What the rule looks for, with its thresholds of today."""
    now = limits()
    texts = {
        "outside_hours": _("Có lượt xem hoặc tra cứu trước %(first)d giờ, từ %(last)d giờ trở đi, hoặc vào ngày nghỉ."),
        "many_at_once": _(
            "Ít nhất %(subjects)d bản ghi, cá nhân khác nhau trong %(minutes)d phút của cùng một cán bộ."
        ),
        "many_readers": _("Cùng một bản ghi hoặc cá nhân được ít nhất %(officers)d cán bộ xem trong 7 ngày."),
        "no_act": _("Tra cứu ngoài cơ quan có kết quả, nhưng trong %(days)d ngày sau đó cán bộ không xử lý việc nào."),
        "empty_again": _("Ít nhất %(empty)d lần tra cứu không có kết quả trong một ngày."),
        "one_case_many": _("Cùng một số hồ sơ cho ít nhất %(dossier)d câu hỏi khác nhau."),
        "over_budget": _("Số bản ghi, cá nhân khác nhau xem trong ngày vượt định mức của vai trò."),
    }
    values = {
        "first": now.first_hour, "last": now.last_hour, "subjects": now.fast_subjects, "minutes": now.fast_minutes,
        "officers": now.same_subject_officers, "days": ACT_DAYS, "empty": now.empty_look_ups,
        "dossier": now.dossier_records,
    }  # fmt: skip
    return texts[rule] % values


def finding_text(item: Finding) -> str:
    """How much it was, in words."""
    texts = {
        "outside_hours": _("%(count)d lượt"),
        "many_at_once": _("%(count)d người, bản ghi khác nhau"),
        "many_readers": _("%(count)d cán bộ"),
        "no_act": _("%(count)d lần tra cứu có kết quả"),
        "empty_again": _("%(count)d lần tra cứu"),
        "one_case_many": _("%(count)d lần tra cứu"),
        "over_budget": _("%(count)d bản ghi, cá nhân trong ngày"),
    }
    return texts[item.rule] % {"count": item.count}
