"""Runs a whole Tidemark on this machine: PostgreSQL, Redis and the four processes, each kept alive on its address.

`./run` is `python3 -m supervisor` with PYTHONPATH=tools. Where to look:
  __main__    the arguments of ./run; one supervisor per data directory; --detach and --stop
  stack       what is started, in which order, with which addresses; DIR/env
  keeper      one process: start, wait until ready, start again when it dies, stop
  postgres, redis, services    how each kind of process is prepared, run and probed
  data_dir, ports, probes, leftovers, logs    a small room each
"""
