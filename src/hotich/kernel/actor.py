"""Who acts. Passed into every service, so that services need no request and no session."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """An officer at a post, or the system itself (`officer_id` None).

    `office_id` is the office of the post in use; `office_ids` every office whose rows may be seen
    (own offices and those whose books they keep); `rights` the rights of the roles held, e.g. "case.approve".
    `on_behalf_of`: the officer in whose place this one acts by delegation; office and rights are then the delegated ones.
    """

    login: str
    office_id: int
    officer_id: int | None = None
    office_ids: frozenset[int] = field(default_factory=frozenset)
    rights: frozenset[str] = field(default_factory=frozenset)
    on_behalf_of: int | None = None

    @property
    def hands(self) -> frozenset[int]:
        """Whose hand an act is: the officer's, and that of the one in whose place he acts. A second person is neither."""
        return frozenset(each for each in (self.officer_id, self.on_behalf_of) if each is not None)

    def may(self, right: str) -> bool:
        """Whether one of the roles held gives this right."""
        return right in self.rights
