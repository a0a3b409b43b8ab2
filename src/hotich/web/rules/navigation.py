"""What the frame of a page shows: who is signed in, at which post, and where one may go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One line of the left navigation.

    `icon` is the id of a symbol in static/hotich/icons.svg; `group` a heading that is shown above the first
    item of each group; `count` a number of things waiting (None: no number shown); `also` other addresses under
    which the line is the active one.
    """

    label: str
    url: str
    icon: str = "dot"
    group: str = ""
    count: int | None = None
    active: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shell:
    """The top bar: context variable `shell` of every signed-in page. Empty texts hide their part.

    `parts` are templates that apps above this one add at the end of each page.
    """

    officer_name: str = ""
    office_name: str = ""
    post_name: str = ""
    home_url: str = "/"
    post_url: str = ""
    sign_out_url: str = ""
    account_url: str = ""
    search_url: str = ""
    search_label: str = ""
    notice: str = ""
    parts: tuple[str, ...] = ()


def mark_active(items: Iterable[NavigationItem], path: str) -> list[NavigationItem]:
    """The items, the one whose address is the longest beginning of `path` marked as active.

    The root "/" is active only on the root itself, else it would always be the answer of last resort.
    """
    given = list(items)
    fitting = [url for item in given for url in (item.url, *item.also) if _begins(path, url)]
    best = max(fitting, key=len, default=None)
    return [replace(item, active=best in (item.url, *item.also)) for item in given]


def _begins(path: str, url: str) -> bool:
    if url == "/":
        return path == "/"
    return path == url or path.startswith(url if url.endswith("/") else url + "/")
