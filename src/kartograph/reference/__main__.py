"""Write every page that is made of the code."""

from importlib import import_module

from kartograph.reference import PAGES

for name in PAGES:
    module = import_module(f"kartograph.reference.{name}")
    module.PAGE.write_text(module.page(), encoding="utf-8")
