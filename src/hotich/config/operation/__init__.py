"""Running an installation: backups, health, secrets, upgrades. It ties apps together and holds no domain rule."""
