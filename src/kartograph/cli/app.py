"""The application that the commands hang on, and how errors reach a person.

Exit codes: 0 done, 1 an error that the message explains, 2 the command was called wrongly.
"""

import errno
import gc
import logging
import sys
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from kartograph.cli.shared.checked import Commands
from kartograph.cli.shared.completion import shops
from kartograph.cli.shared.console import be_quiet, errors, out, without_colours
from kartograph.cli.shared.on_demand import CommandsOnDemand
from kartograph.graph.managed.ending import end_when_asked
from kartograph.tables.errors import KartographError

COMMAND_FILES: tuple[str, ...] = (
    "demo.command",
    "server",
    "loading.load",
    "loading.auto",
    "loading.undo_load",
    "enrich",
    "patterns",
    "models.listing",
    "models.recommend",
    "models.explain",
    "query",
    "models.train",
    "models.tune",
    "models.versions",
    "evaluation.evaluate",
    "evaluation.evaluate_protocols",
    "evaluation.evaluate_preaddl",
    "evaluation.evaluate_attention",
    "ontologies.annotate",
    "ontologies.ontology",
    "report",
    "reproduce",
    "backup",
    "operating.doctor",
    "operating.remove",
    "serve",
    "experiment",
    "mcp",
    "keys",
    "users",
    "pipeline",
)
"""Files of this folder that add commands, in the order in which `--help` lists them."""
SHORT = 500_000
"""Objects up to which Python does not look for cycles among them: with its own threshold, 700, it goes over what
imports make again and again, a fifth of the time of a short command."""
OF_DISKS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG)
"""What a write may meet whose file Python does not name."""

app = Commands(
    name="kartograph",
    cls=CommandsOnDemand,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A recommender that lives in a graph database.",
)


def _print_version(asked: bool) -> None:
    """Print the version and end the command; the option is eager, so that no command is imported."""
    if asked:
        from importlib.metadata import version

        out.print(f"kartograph {version('kartograph')}", highlight=False)
        raise typer.Exit


@app.callback()
def shop_option(
    context: typer.Context,
    shop: Annotated[
        str, typer.Option("--shop", help="Name of the shop; each has its own database.", autocompletion=shops)
    ] = "shop",
    quiet: Annotated[bool, typer.Option("--quiet", help="Print results and errors alone, no progress.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="Print without colours, as NO_COLOR=1 does.")] = False,
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Remember which shop the command is about; commands read it from `context.obj`."""
    context.obj = shop
    if quiet:
        be_quiet()
    if no_color:
        without_colours()


def main() -> None:
    """Run the command line; a `KartographError` ends it with its message and exit code 1.

    Asked to end (SIGTERM), a command tidies up before it does: a scratch server would else go on running.
    """
    end_when_asked()
    # The server remarks on labels that an empty database does not know yet; the driver would print that as text.
    logging.getLogger("neo4j.notifications").setLevel(logging.ERROR)
    _begin_collecting_late()
    try:
        app()
    except KartographError as error:
        _fail(str(error))
    except ImportError as error:  # a module of an extra; any other is a fault
        from kartograph.tables.extras import extra_of, message

        extra = extra_of(error)
        if extra is None:
            raise
        _fail(message(extra, "this command"))
    except OSError as error:  # a folder or a disk that no command expects to be as it is
        if not error.filename and error.errno not in OF_DISKS:
            raise
        if not error.filename:  # of a file that is open already Python says no name
            _fail(f"a file cannot be written: {error.strerror}. Look after the disk, then give the command again.")
        _fail(f"{error.filename} cannot be used: {error.strerror}. Look after it, or name another one.")
    except KeyboardInterrupt:
        errors.print("interrupted")
        sys.exit(130)
    finally:
        if not {"duckdb", "torch"} & set(sys.modules):  # they complain of what is left in cycles
            gc.freeze()  # what the process holds goes with it: Python would look through all of it once more


def _begin_collecting_late() -> None:
    """Look for cycles of objects when there are `SHORT` of them, and from then on as usual."""
    usual = gc.get_threshold()

    def return_to_usual(phase: str, _: object) -> None:
        if phase == "stop":
            gc.callbacks.remove(return_to_usual)
            gc.set_threshold(*usual)

    gc.callbacks.append(return_to_usual)
    gc.set_threshold(SHORT)


def _fail(message: str) -> NoReturn:
    errors.print(f"[bold red]error:[/] {escape(message)}", highlight=False)
    sys.exit(1)
