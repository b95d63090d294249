"""What Tidemark costs beside its bare parts, measured in one run: `bench/run` is `python3 -m report`.

  __main__    the arguments; starts a stack, seeds it, measures, prints, writes docs/benchmarks.md
  session     a whole run: a stack, its seeding, rounds, what is measured alone
  plan        the order of a round: floors and work
  rounds, samples    one measurement, a series of them, and what it says
  floors      nginx, gRPC, Redis, pgbench; floor_servers and floor_sources are what they need
  work        tidemark-load's part
  single      what is measured once: memory, start to ready, the herd
  million     the same with a million users beside fewer
  goals       the table of goals, and what is judged by it
  tables, document    Markdown, and the place in docs/benchmarks.md that it is written to
  bench_stack  a private Tidemark, seeded
  generators  who asks: tidemark-load, wrk, redis-benchmark, pgbench; what they print
  processes   processor time and memory, from /proc
"""
