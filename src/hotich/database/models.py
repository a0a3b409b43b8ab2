"""No tables. The module must exist: Django sends pre_migrate only to apps that have one."""
