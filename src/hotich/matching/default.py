"""The model that comes with the software, for where there is too little to learn from: one look-up, one book."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hotich.matching.model import Model, read_model

PATH = Path(__file__).parent / "data" / "model.json"


@cache
def default_model() -> Model:
    """The trained model kept beside this file. It was learnt from drawn people, not from real ones (see `Model.trained`)."""
    return read_model(PATH)
