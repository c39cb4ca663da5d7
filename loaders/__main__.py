"""Any loader unattended: `python -m kartograph.loaders NAME PATH …`; see `batch`."""

import sys

from kartograph.loaders.registry import loader, loaders
from kartograph.tables.errors import BadInput

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print("python -m kartograph.loaders NAME PATH …")
        print("\n".join(f"  {name}: {one.about}" for name, one in loaders().items()))
        sys.exit(0 if len(sys.argv) > 1 else 2)
    try:
        chosen = loader(sys.argv[1])
    except BadInput as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    sys.exit(chosen.main(sys.argv[2:]))
