from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "hotich.config"
    label = "config"
