"""What of a page cannot become legible, seen before any work is put into it.

`look_over` gives findings with figures; nothing is raised. `fingerprint` and `is_same_page` find a sheet that was scanned
twice among thousands of the same printed form, `Marks` looks at all of them at once.
"""

from .fingerprint import fingerprint
from .look import look_over
from .marks import Marks, is_same_page

__all__ = ["Marks", "fingerprint", "is_same_page", "look_over"]
