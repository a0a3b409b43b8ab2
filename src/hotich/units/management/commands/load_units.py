"""`hotich load-units`: put the reference tables of administrative units and offices into the database.

What operations have changed stays; a line tells each case in which the tables now say something else.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hotich.units.services import load_reference_data


class Command(BaseCommand):
    """Safe to run again; migrations have run it once."""

    help = "Nạp danh mục đơn vị hành chính, cơ quan đăng ký hộ tịch và cơ quan đại diện (chạy lại không đổi gì)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was new."""
        loaded = load_reference_data()
        self.stdout.write(
            f"Đơn vị hành chính: {loaded.units}; biến động: {loaded.changes}; "
            f"cơ quan: {loaded.offices}; kế thừa: {loaded.successions} (mới hoặc thay đổi)"
        )
        for each in loaded.conflicts:
            self.stdout.write(f"Khác với thay đổi tại đây, giữ của ta: {each.what}: {each.ours} | {each.shipped}")
