"""Write every page that is made of the code."""

from importlib import import_module

from kartograph.reference import FILLED, FOLDERS, PAGES

for name in PAGES:
    module = import_module(f"kartograph.reference.{name}")
    module.PAGE.write_text(module.page(), encoding="utf-8")
for name in FOLDERS:
    module = import_module(f"kartograph.reference.{name}")
    made = module.pages()
    module.FOLDER.mkdir(exist_ok=True)
    for file in {one.name for one in module.FOLDER.iterdir()} - set(made):
        (module.FOLDER / file).unlink()
    for file, text in made.items():
        (module.FOLDER / file).write_text(text, encoding="utf-8")
for name in FILLED:
    for file, text in import_module(f"kartograph.reference.{name}").pages().items():
        file.write_text(text, encoding="utf-8")
