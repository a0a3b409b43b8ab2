"""A stand-in of the national population database: its own process, its own database, invented citizens.

It knows nothing of hotich and hotich nothing of it but the contract, docs/partners/population.md.
"""
