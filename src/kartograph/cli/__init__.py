"""The command line: `kartograph COMMAND`. Each file beside this one adds the commands of one concern."""

from kartograph.cli.app import main as main
