"""Times a shop of 120 rows from the first command to the first answer, as a user types them.

    KARTOGRAPH_HOME=/tmp/home python benchmarks/small_shop.py [--limit 15]

Prints the seconds of each command: the first call, a dry run, the load (with its steps) and `recommend`, which starts
the server. The Neo4j jars have to be there (`kartograph start` fetches them once). Exits with 1 where load and answer
together take longer than the limit; run it on a quiet machine.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

USERS, ITEMS = 12, 10
"""Each user views each item once: 120 rows."""


def command(*words: str) -> tuple[float, str]:
    """Seconds and output of a command of kartograph."""
    began = time.monotonic()
    script = "from kartograph.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"kartograph {' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
    return time.monotonic() - began, done.stdout


def main() -> int:
    """Write the rows, run the commands, print the seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=15)
    limit = parser.parse_args().limit
    if "KARTOGRAPH_HOME" not in os.environ:
        raise SystemExit("set KARTOGRAPH_HOME: the shop small-shop below it is loaded anew")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clicks.csv"
        rows = (f"u{u},i{i},{1_700_000_000 + 60 * (u * ITEMS + i)}" for u in range(USERS) for i in range(ITEMS))
        file.write_text("user_id,item_id,timestamp\n" + "\n".join(rows) + "\n")
        shop = ("--shop", "small-shop")
        command(*shop, "stop")
        seconds = {"--help": command("--help")[0]}
        seconds["load --dry-run"], _ = command(*shop, "load", "interactions", str(file), "--dry-run", "--json")
        seconds["load"], summary = command(*shop, "load", "interactions", str(file), "--allow-shrink", "--json")
        seconds["recommend"], _ = command(*shop, "recommend", "popularity", "--user", "u1", "--include-seen", "--json")
        seconds["recommend again"], _ = command(*shop, "recommend", "popularity", "--user", "u1", "--include-seen")
        command(*shop, "stop")
    for name, value in seconds.items():
        print(f"{name}: {value:.1f} s")
    print("steps of the load:", ", ".join(f"{name} {value}" for name, value in json.loads(summary)["steps"].items()))
    total = seconds["load"] + seconds["recommend"]
    print(f"loaded and answered after {total:.1f} s, limit {limit:g}")
    return 0 if total <= limit else 1


if __name__ == "__main__":
    sys.exit(main())
