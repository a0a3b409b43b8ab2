from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "hotich.audit"
    label = "audit"
