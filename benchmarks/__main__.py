"""`python -m benchmarks [import|search [PEOPLE]|lookup [PEOPLE --keep FOLDER …]|pages [RECORDS …]|serving|saving|scans|match|
strokes [--cases N --register KS …]|proposals [FAMILIES SEED … --upland]|province [RECORDS CITIZENS]]`.

Each on a fresh state folder, with a real database where it needs one.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Run all benchmarks, or the one named, on an installation of their own, and leave nothing behind."""
    wanted, *sizes = sys.argv[1:] or ["all"]
    if wanted == "scans":  # needs no database
        from benchmarks import scans

        scans.run(sizes)
        return
    if wanted == "lookup":  # makes an installation of its own, or takes up one that was kept
        from benchmarks import lookup

        lookup.main(sizes)
        return
    if wanted == "match":
        from benchmarks import matching

        matching.run(sizes)
        return
    if wanted == "strokes":  # the page and its script, without a server; what was counted stays in the state folder
        kept = Path(os.environ.get("HOTICH_STATE") or Path(__file__).parents[1] / ".state") / "bench"
        with tempfile.TemporaryDirectory(prefix="hotich-bench-") as folder:
            os.environ |= {"HOTICH_STATE": folder, "DJANGO_SETTINGS_MODULE": "hotich.config.settings.dev"}
            import django

            django.setup()
            from benchmarks import strokes

            strokes.run(sizes, kept)
        return
    state = Path(tempfile.mkdtemp(prefix="hotich-bench-"))
    state.chmod(0o755)  # the database user must be able to enter it
    os.environ |= {"HOTICH_STATE": str(state), "DJANGO_SETTINGS_MODULE": "hotich.config.settings.dev"}
    os.environ.pop("DATABASE_URL", None)
    from hotich.database import launcher

    launcher.up()
    try:
        (state / "demo").write_text("bench")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        from benchmarks import import_book, pages, saving, search, serving

        if wanted in ("all", "import"):
            import_book.run()
        if wanted in ("all", "search"):
            search.run(*map(int, sizes))
        if wanted == "proposals":
            from benchmarks import proposals

            proposals.run(sizes)
        if wanted == "province":  # not among all: it takes an hour
            from benchmarks import province

            province.run(*map(int, sizes))
        if wanted == "serving":
            serving.run()
        if wanted == "saving":
            saving.run()
        if wanted == "pages":  # not among all: it takes an hour and some 45 GB
            pages.run(*map(int, sizes))
    finally:
        launcher.down()
        shutil.rmtree(state, ignore_errors=True)


if __name__ == "__main__":
    main()
