from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "hotich.registers"
    label = "registers"
