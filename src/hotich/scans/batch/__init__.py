"""A folder of pages → one PDF a case and a report, on one machine, without a database (docs/how-to/encode-scans.md)."""

from hotich.scans.batch.run import BatchOrder, Progress, encode_folder

__all__ = ["BatchOrder", "Progress", "encode_folder"]
