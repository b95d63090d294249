"""The day of many users, V1 beside Final: `bench/fleet` is `python3 -m fleet_report`.

  __main__      the arguments; runs or reads the scenarios, prints, writes the page and docs/benchmarks.md
  plan          which scenarios there are, and with how many people
  engine        tidemark-fleet: one scenario, on stores of its own
  progress      how far all of it is
  day           what a scenario came to, and the figures that are made of it
  documented    what the documents promise, and when it is met
  explanations  why a figure cannot be met, and by what that is checked
  figures       documented beside measured; with several devices
  migration     what each step from V1 to Final changed
  what_if       how many users fit the free tier's budgets
  lifetimes     the share of cache hits by how long a head is cached
  tables        a table, its notes, and both as Markdown
  account       all tables in their order, for the terminal, the page and the document
  plots, drawing    what is plotted; lines and axes as SVG
  report_page   the HTML report, one file
"""
