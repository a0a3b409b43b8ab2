"""What of a page cannot become legible, seen before any work is put into it.

`look_over` gives findings with figures; nothing is raised. `fingerprint` and `is_same_page` find a sheet that was scanned
twice among thousands of the same printed form.
"""

from .fingerprint import fingerprint, is_same_page
from .look import look_over

__all__ = ["fingerprint", "is_same_page", "look_over"]
