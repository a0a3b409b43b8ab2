"""Which backups have served their time. Pure: names and settings in, names out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hotich.config.operation.places import Keep

FORM = "%Y%m%dT%H%M%SZ"


def name_of(at: datetime) -> str:
    """The name of a backup begun at this moment, e.g. "20261125T183000Z"."""
    return at.astimezone(UTC).strftime(FORM)


def moment_of(name: str) -> datetime | None:
    """When the backup of this name began; None for a name that is none."""
    try:
        return datetime.strptime(name, FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def expired(names: Iterable[str], keep: Keep) -> list[str]:
    """Of these backups, those that are not the newest of one of the last days, weeks or months that have one; all of
    the last 24 hours before the newest stay, so that one made before an upgrade is not swept away by the next.

    Days without a backup do not count: after a long pause nothing is thrown away for being old.
    """
    moments = sorted(((moment, name) for name in names if (moment := moment_of(name))), reverse=True)
    kept = {name for moment, name in moments if moments[0][0] - moment < timedelta(days=1)}
    for form, count in (("%Y%m%d", keep.daily), ("%G%V", keep.weekly), ("%Y%m", keep.monthly)):
        newest: dict[str, str] = {}
        for moment, name in moments:
            newest.setdefault(moment.strftime(form), name)
        kept |= set(list(newest.values())[:count])
    return sorted(name for _, name in moments if name not in kept)
