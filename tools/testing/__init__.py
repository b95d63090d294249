"""Everything that `./test` runs, in order, and the counting of it.

  __main__    the arguments, the headings, the summary line
  phases      what is run
  counts      how many tests each tool ran, from what it reports
  pytests     runs the Python tests below a folder
"""
