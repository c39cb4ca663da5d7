"""How Neo4j's own administration commands run on a database that no server serves at the moment."""

import re
import subprocess

from kartograph.graph.managed.children import PRIVATE_UMASK, ended_with_us
from kartograph.graph.managed.configuration import free_ports, java_command, java_environment, write_configuration
from kartograph.graph.managed.diagnostics import advice, ending
from kartograph.graph.managed.home import ServerPaths
from kartograph.graph.managed.installing.install import install
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import kill_workers, running_state
from kartograph.tables.errors import ServerError
from kartograph.tables.progress import Progress, silent

MAIN_CLASS = "org.neo4j.cli.AdminTool"
"""What `neo4j-admin` itself starts in a second Java process; begun directly there is one, which ends with us."""


_PERCENT = re.compile(r"(\d+)(?:\.\d+)?%")


def run_admin(
    paths: ServerPaths, *arguments: str, memory: Memory | None = None, progress: Progress = silent, step: str = ""
) -> str:
    """Run `neo4j-admin` with the arguments on the database of given paths and return what it wrote.

    With a `step` the percentages that it writes are reported as progress of that, else every line. It ends with this
    process, however that ends; what an earlier one left at work is ended first. Raises `ServerError` with its last
    lines where it fails, and where a server runs on these paths.
    """
    if state := running_state(paths):
        raise ServerError(
            f"a server (process {state.pid}) runs on {paths.data}, and `neo4j-admin {arguments[0]}` needs it stopped; "
            "run `kartograph stop` first"
        )
    kill_workers(paths)
    server = install(paths.root, progress=progress)
    memory = memory or Memory.sized()
    write_configuration(paths, server, memory, free_ports())
    command = java_command(server, paths, memory.heap_mib, MAIN_CLASS, *arguments)
    written: list[str] = []
    with subprocess.Popen(
        ended_with_us(command),
        env=java_environment(paths),
        cwd=paths.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        umask=PRIVATE_UMASK,
    ) as process:
        assert process.stdout is not None
        try:
            if step:
                progress(f"{step} (%)", 0, 100)
            for line in process.stdout:
                written.append(line.rstrip())
                if not step:
                    progress(line.strip())
                elif match := _PERCENT.search(line):
                    progress(f"{step} (%)", int(match[1]), 100)
        except BaseException:
            process.kill()
            process.wait()  # `with` does not wait after Ctrl-C, and what it writes is about to be removed
            raise
    text = "\n".join(written).replace(str(paths.logs), str(paths.kept_logs))
    if process.returncode:
        telling = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
        ended = ending(process.returncode) or f" with exit code {process.returncode}"
        last = "\n".join(f"    {line[:300]}" for line in telling[-12:])
        raise ServerError(
            f"`neo4j-admin {' '.join(arguments[:3])}` failed{ended}; {advice(f'{ended} {text}')}.\n"
            f"Its last lines:\n{last}"
        )
    return text
