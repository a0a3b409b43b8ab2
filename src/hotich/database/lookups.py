"""A prefix search whose operator is leakproof, so that row-level security does not cost the index."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Lookup, TextField


class BeginsWith(Lookup):  # type: ignore[type-arg,unused-ignore]
    """`field__begins_with="nguyen thi h"`: PostgreSQL's `^@`, which uses a text_pattern_ops index."""

    lookup_name = "begins_with"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*left_params, *right_params)


CharField.register_lookup(BeginsWith)
TextField.register_lookup(BeginsWith)
