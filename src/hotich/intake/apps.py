from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "hotich.intake"
    label = "intake"
