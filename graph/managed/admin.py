"""How Neo4j's own administration commands run on a database that no server serves at the moment."""

import subprocess
from contextlib import suppress

import psutil

from kartograph.graph.managed.configuration import free_ports, java_command, java_environment, write_configuration
from kartograph.graph.managed.home import Place
from kartograph.graph.managed.install import install
from kartograph.graph.managed.memory import Memory
from kartograph.graph.managed.process import running_state
from kartograph.graph.managed.trouble import advice
from kartograph.tables.errors import ServerError
from kartograph.tables.progress import Progress, silent

MAIN_CLASS = "org.neo4j.server.startup.Neo4jAdminCommand"


def run_admin(
    place: Place, *arguments: str, memory: Memory | None = None, progress: Progress = silent, step: str = "neo4j-admin"
) -> str:
    """Run `neo4j-admin` with the arguments on the database of a place and return what it wrote.

    Every line that it writes is reported as progress under `step`. Raises `ServerError` with its last lines where it
    fails, and where a server runs on the place.
    """
    if state := running_state(place):
        raise ServerError(
            f"a server (process {state.pid}) runs on {place.data}, and `neo4j-admin {arguments[0]}` needs it stopped; "
            "run `kartograph stop` first"
        )
    server = install(place.root, progress=progress)
    memory = memory or Memory.sized()
    write_configuration(place, server, memory, free_ports())
    command = java_command(server, place, memory.heap_mib, MAIN_CLASS, *arguments)
    written: list[str] = []
    with subprocess.Popen(
        command,
        env=java_environment(place),
        cwd=place.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                written.append(line.rstrip())
                if line.strip():
                    progress(f"{step}: {line.strip()}")
        except BaseException:
            _kill_family(process.pid)
            process.wait()  # `with` does not wait after Ctrl-C, and what it writes is about to be removed
            raise
    text = "\n".join(written)
    if process.returncode:
        telling = [line for line in written if line.strip() and not line.lstrip().startswith("at ")]
        last = "\n".join(f"    {line[:300]}" for line in telling[-12:])
        raise ServerError(
            f"`neo4j-admin {' '.join(arguments[:3])}` failed with exit code {process.returncode}; {advice(text)}.\n"
            f"Its last lines:\n{last}"
        )
    return text


def _kill_family(pid: int) -> None:
    """Kill a process and those below it: `neo4j-admin` does its work in a Java process of its own."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(family[1:], timeout=10)
