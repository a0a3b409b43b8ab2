"""The pledge of confidentiality that whoever keys without being an official of the register signs (requirement H8).

The text is data: a new wording is a new `PledgeText` with its day. Signed pledges name the version they are of, and
each version can be printed for ever. The wording is our proposal and not verified with a lawyer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hotich.kernel.problems import RuleBroken


@dataclass(frozen=True, slots=True)
class PledgeText:
    """One wording of the pledge. `points` are its articles, in order. Both languages; the Vietnamese one is signed."""

    version: str
    valid_from: date
    title: tuple[str, str]
    opening: tuple[str, str]
    points: tuple[tuple[str, str], ...]
    closing: tuple[str, str]
    source: str
    verified: bool


TEXTS: tuple[PledgeText, ...] = (
    PledgeText(
        version="2026-1",
        valid_from=date(2026, 1, 1),
        title=("Cam kết bảo mật thông tin hộ tịch", "Pledge of confidentiality"),
        opening=(
            "Tôi được giao hỗ trợ nhập dữ liệu sổ hộ tịch. Tôi hiểu rằng sổ hộ tịch chứa thông tin cá nhân, "
            "bí mật đời sống riêng tư và bí mật gia đình của công dân. Tôi cam kết:",
            "I have been asked to help keying civil status registers. I understand that they hold personal data and "
            "the private and family secrets of citizens. I pledge:",
        ),
        points=(
            (
                "Chỉ xem và nhập những trang sổ thuộc gói nhập liệu được giao cho tôi, đúng như sổ ghi.",
                "To look at and key only the pages of the packages given to me, as the register says.",
            ),
            (
                "Không chụp ảnh, sao chép, ghi lại, in, tải về hoặc mang ra ngoài nơi làm việc hình ảnh, dữ liệu của sổ.",
                "Not to photograph, copy, note, print, download or take away pictures or data of the registers.",
            ),
            (
                "Không tiết lộ cho bất kỳ ai, kể cả người thân, những gì tôi biết được từ sổ; cam kết này vẫn có hiệu lực "
                "sau khi tôi thôi tham gia nhập liệu.",
                "Not to tell anybody, my family included, what I learn from the registers, also after this work ends.",
            ),
            (
                "Không dùng thông tin của sổ vào mục đích nào khác ngoài việc nhập liệu.",
                "Not to use what the registers say for anything but this work.",
            ),
            (
                "Không cho người khác dùng tài khoản, mật khẩu, mã xác thực của tôi; khóa màn hình hoặc đăng xuất khi "
                "rời máy.",
                "To let nobody use my account, password or code; to lock the screen or sign out when I leave the PC.",
            ),
            (
                "Báo ngay cho tổ trưởng khi máy, sổ hoặc tài khoản bị mất, hoặc khi thấy thông tin bị lộ.",
                "To tell the team leader at once when a PC, a book or an account is lost, or data has leaked.",
            ),
        ),
        closing=(
            "Tôi chịu trách nhiệm trước pháp luật nếu vi phạm cam kết này.",
            "I am answerable before the law if I break this pledge.",
        ),
        source="Đề xuất của phần mềm trên cơ sở Luật Hộ tịch năm 2014 (bí mật thông tin hộ tịch)",
        verified=False,
    ),
)


def text_on(day: date) -> PledgeText:
    """The wording in force on a day: the newest that has begun; before all of them the first."""
    begun = [text for text in TEXTS if text.valid_from <= day]
    return max(begun, key=lambda text: text.valid_from) if begun else TEXTS[0]


def text_of_version(version: str) -> PledgeText:
    """The wording of a version. Raises RuleBroken pledge_text_unknown."""
    found = next((text for text in TEXTS if text.version == version), None)
    if found is None:
        raise RuleBroken("pledge_text_unknown", version=version)
    return found
