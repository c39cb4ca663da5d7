"""`python -m kartograph` is `kartograph`, where the folder of commands is not on the PATH."""

from kartograph.cli import main

main()
