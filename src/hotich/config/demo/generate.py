"""From a seed to a whole demo."""

from __future__ import annotations

from random import Random

from hotich.config.demo import family_events, later_events
from hotich.config.demo.books import bind
from hotich.config.demo.faults import plant
from hotich.config.demo.model import Demo, Mix
from hotich.config.demo.places import offices
from hotich.config.demo.population import Population
from hotich.config.demo.scan_plan import plan_scans
from hotich.config.demo.writing import Writer

SEED = 2026
# How many later events are wanted at scale 1.
CERTIFICATES, GUARDIANSHIPS, ADOPTIONS, FOUNDLINGS, CHANGES, FOREIGN_MARRIAGES, DIVORCES = 170, 62, 58, 9, 130, 16, 36
SCANNED_ROWS = 330


def generate(seed: int = SEED, scale: float = 1.0, *, faults: Mix | None = None) -> Demo:
    """Make offices, books, planted faults and people.

    `seed` decides everything; `scale` multiplies the population (1 gives some 2,500 rows); `faults` is the mix of
    planted faults (default `Mix()`). Raises ValueError for a scale that is not above 0.
    """
    if scale <= 0:
        raise ValueError("scale must be above 0")
    rng = Random(f"demo {seed}")
    population = Population(rng, scale)
    population.run()

    def wanted(count: int) -> int:
        return max(3, round(count * scale))

    recognitions = family_events.add_recognitions(population)
    adoptions = family_events.add_adoptions(population, wanted(ADOPTIONS), wanted(FOUNDLINGS))
    guardianships = family_events.add_guardianships(population, wanted(GUARDIANSHIPS))
    cases = [
        *population.cases,
        *recognitions,
        *adoptions,
        *guardianships,
        *family_events.add_guardianship_ends(population, guardianships),
        *later_events.add_changes(population, wanted(CHANGES)),
        *later_events.add_surname_changes(population, recognitions),
        *later_events.add_foreign_marriages(population, wanted(FOREIGN_MARRIAGES)),
        *later_events.add_foreign_divorces(population, wanted(DIVORCES)),
        *family_events.add_certificates(population, wanted(CERTIFICATES)),
    ]
    books = bind(cases, Writer(population, rng), rng)
    planted = plant(books, Random(f"faults {seed}"), faults or Mix())
    planted += plan_scans(books, Random(f"scans {seed}"), faults or Mix(), wanted(SCANNED_ROWS))
    return Demo(seed, scale, offices(), tuple(books), tuple(planted), tuple(population.people))
