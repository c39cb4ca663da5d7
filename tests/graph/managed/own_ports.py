"""A server at an address that no other test takes while it is stopped for a moment, as it may the usual one."""

from kartograph.graph.managed.home import ShopDirectory
from kartograph.graph.managed.lifecycle import RunningServer, launch, shop_lock
from kartograph.graph.managed.memory import Memory


def start_on_own_ports(home: ShopDirectory, memory: Memory) -> RunningServer:
    """Start the server of a shop on ports that are not the usual ones."""
    home.make()
    with shop_lock(home):
        return launch(home.paths, memory, usual_ports=False)
