"""Database plumbing below every app: the embedded server, roles, row-level security, scope, COPY (decision 0002)."""
